from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordConfig(AppConfig):
    name = "xietong.platform.record"
    label = "record"

    def ready(self) -> None:
        from .kinds import describe

        describe(
            "parameter",
            _("A parameter was set"),
            {
                "new": _("From now on"),
                "old": _("Until now"),
                "reason": _("By what right"),
            },
        )

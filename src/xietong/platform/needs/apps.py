from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NeedsConfig(AppConfig):
    name = "xietong.platform.needs"
    label = "needs"

    def ready(self) -> None:
        from xietong.platform.people.models import Ground
        from xietong.platform.record.kinds import describe

        describe(
            "share-rule",
            _("A rule of larger shares was laid down"),
            {
                "ground": _("Recognised need"),
                "percent": _("Percent of the usual share"),
                "from_round": _("From round"),
                "reason": _("By what right"),
            },
            {ground.value: ground.label for ground in Ground},
        )

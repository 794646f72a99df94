from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RecordConfig(AppConfig):
    name = "xietong.platform.record"
    label = "record"

    def ready(self) -> None:
        from xietong.platform.privileges import ignore_no_trigger

        from .kinds import describe

        # Sent for each room when the migrations of all are done.
        post_migrate.connect(ignore_no_trigger, sender=self)

        describe(
            "parameter",
            _("A parameter was set"),
            {
                "new": _("From now on"),
                "old": _("Until now"),
                "reason": _("By what right"),
            },
        )

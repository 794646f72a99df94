from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "xietong.platform.people"
    label = "people"

    def ready(self) -> None:
        from xietong.platform.record.kinds import describe

        describe(
            "duty",
            _("A public duty was given or ended"),
            {"duty": _("Duty"), "change": _("Change")},
            {
                "planning": _("planning"),
                "enrolment": _("enrolment"),
                "given": _("given"),
                "ended": _("ended"),
            },
        )

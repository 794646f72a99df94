from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CreditsConfig(AppConfig):
    name = "xietong.platform.credits"
    label = "credits"

    def ready(self) -> None:
        from xietong.platform.record.kinds import describe

        describe(
            "spread",
            _("The spread of skill factors was set"),
            {
                "round": _("From round"),
                "spread": _("Farthest from 1, in thousandths"),
                "decision": _("The vote that set it"),
            },
        )
        describe(
            "skill-factor",
            _("A skill factor was set"),
            {
                "round": _("From round"),
                "factor": _("An hour counts, in thousandths"),
                "decision": _("The vote that set it"),
            },
        )

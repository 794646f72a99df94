from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CreditsConfig(AppConfig):
    name = "xietong.platform.credits"
    label = "credits"

    def ready(self) -> None:
        from xietong.platform.record.kinds import describe

        describe(
            "payout-published",
            _("Prices and payout were published"),
            {
                "round": _("Round"),
                "total_hours": _("Hours of work in the plan"),
                "claimable_hours": _("Hours that can be claimed"),
                "per_hour": _("Credits an hour of work issues, in thousandths"),
                "certificate_sha256": _("Hash of the certificate"),
                "plan_sha256": _("Hash of the plan"),
            },
        )
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

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoundsConfig(AppConfig):
    name = "xietong.platform.rounds"
    label = "rounds"

    def ready(self) -> None:
        from xietong.platform.record.kinds import describe

        from . import effects  # noqa: F401

        describe(
            "plan-adopted",
            _("A plan was adopted"),
            {
                "round": _("Round"),
                "shortage": _("Largest shortage"),
                "gap": _("Gap"),
                "plan_sha256": _("Hash of the plan"),
                "economy_sha256": _("Hash of what it was made from"),
            },
        )
        describe(
            "round-closed",
            _("A round was closed"),
            {
                "round": _("Round"),
                "credits_issued": _("Credits issued so far, in thousandths"),
                "credits_cancelled": _("Credits cancelled so far, in thousandths"),
                "credits_outstanding": _("Credits on accounts, in thousandths"),
            },
        )

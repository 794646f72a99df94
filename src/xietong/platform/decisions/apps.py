from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DecisionsConfig(AppConfig):
    name = "xietong.platform.decisions"
    label = "decisions"

    def ready(self) -> None:
        from xietong.platform.record.kinds import describe

        describe(
            "vote",
            _("A vote was decided"),
            {
                "chosen": _("Chosen"),
                "ballots": _("Ballots cast"),
                "electorate": _("Entitled to vote"),
                "counts": _("Approvals"),
                "tied": _("Equal in first place"),
            },
        )

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LabourConfig(AppConfig):
    name = "xietong.platform.labour"
    label = "labour"

    def ready(self) -> None:
        from xietong.platform.record.kinds import describe

        describe(
            "hours-dispute",
            _("Members decided a dispute about hours"),
            {
                "round": _("Round"),
                "week": _("Week"),
                "outcome": _("Outcome"),
                "yes": _("For it"),
                "no": _("Against it"),
                "electorate": _("Entitled to vote"),
            },
            words={
                "upheld": pgettext_lazy("dispute", "upheld"),
                "rejected": pgettext_lazy("dispute", "rejected"),
            },
        )

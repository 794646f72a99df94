from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LabourConfig(AppConfig):
    name = "xietong.platform.labour"
    label = "labour"

    def ready(self) -> None:
        from xietong.platform.record.kinds import describe

        describe(
            "rota-announced",
            _("A duty rota was announced"),
            {
                "round": _("Round"),
                "name": _("Announced by"),
                "turns": _("Turns"),
                "places": _("Places"),
                "candidates": _("People on the list"),
                "wait": _("Entries until the seed"),
                "roll_sha256": _("Hash of the list"),
            },
        )
        describe(
            "rota-drawn",
            _("A duty rota was drawn"),
            {
                "round": _("Round"),
                "seed_entry": _("Entry of the seed"),
                "seed": _("Seed"),
                "places": _("Places filled"),
                "open_places": _("Places left open"),
                "unmet": _("Mixes not met"),
                "rota_sha256": _("Hash of the drawn rota"),
            },
        )

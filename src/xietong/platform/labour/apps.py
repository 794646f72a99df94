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
                "lapse": _("Closed by rule"),
            },
            words={
                "lapsed": pgettext_lazy("dispute", "lapsed"),
                "impossible": _("posts and overtime no longer allow these hours"),
                "silence": _("nobody of the jury voted in time"),
                "upheld": pgettext_lazy("dispute", "upheld"),
                "rejected": pgettext_lazy("dispute", "rejected"),
            },
        )
        describe(
            "jury-announced",
            _("A jury over a dispute about hours was announced"),
            {
                "enterprise": _("Enterprise"),
                "candidates": _("People on the list"),
                "seats": _("Seats"),
                "wait": _("Entries until the seed"),
                "list_sha256": _("Hash of the list"),
            },
        )
        describe(
            "jury-drawn",
            _("A jury over a dispute about hours was drawn"),
            {
                "enterprise": _("Enterprise"),
                "seed_entry": _("Entry of the seed"),
                "jurors": _("Jurors"),
            },
        )
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
        describe(
            "posts-opened",
            _("Work was opened"),
            {"round": _("Round"), "posts": _("Posts"), "minutes": _("Minutes a week")},
        )
        describe(
            "posts-matched",
            _("Work was offered to those who asked"),
            {
                "round": _("Round"),
                "offers": _("Offers"),
                "first_choice_percent": _("First choices, in percent"),
                "seed": _("Seed of the lot"),
            },
        )
        describe(
            "post-arranged",
            _("Places are shared or taken in turn"),
            {
                "enterprise": _("Enterprise"),
                "skill": _("Skill"),
                "arrangement": _("Arrangement"),
                "holders": _("Persons to a place"),
                "places": _("Places"),
                "name": _("Arranged by"),
            },
            {"shared": _("shared"), "rotating": _("taken in turn")},
        )
        describe(
            "skill-mix",
            _("An enterprise said what skills its work needs"),
            {"enterprise": _("Enterprise"), "shares": _("Shares"), "name": _("Said by")},
        )

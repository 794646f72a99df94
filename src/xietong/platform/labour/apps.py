from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LabourConfig(AppConfig):
    name = "xietong.platform.labour"
    label = "labour"

    def ready(self) -> None:
        from xietong.platform.record.kinds import describe

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

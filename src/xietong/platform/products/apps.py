from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductsConfig(AppConfig):
    name = "xietong.platform.products"
    label = "products"

    def ready(self) -> None:
        from xietong.platform.record.kinds import describe

        modes = {"credits": _("for credits"), "quota": _("by quota"), "free": _("free")}
        answers = {"True": _("yes"), "False": _("no")}
        describe(
            "distribution",
            _("A product is distributed by another rule"),
            {
                "mode": _("Rule from now on"),
                "quota": _("Units a person a round"),
                "mode_before": _("Rule until now"),
                "quota_before": _("Units a person a round until now"),
                "first_round": _("First round"),
                "by_rule": _("By itself, by published rule"),
                "reason": _("Reason"),
            },
            modes | answers,
        )
        trial = {
            "region": _("Region"),
            "mode": _("Rule on trial"),
            "quota": _("Units a person a round"),
            "first_round": _("First round"),
            "last_round": _("Last round"),
        }
        describe("distribution-trial", _("A product is tried by another rule"), trial, modes)
        describe(
            "distribution-trial-over",
            _("The trial of a product is over"),
            trial
            | {"ended_round": _("Over with round"), "failed": _("Broken off by published rule")},
            modes | answers,
        )

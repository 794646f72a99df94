from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductsConfig(AppConfig):
    name = "xietong.platform.products"
    label = "products"

    def ready(self) -> None:
        from xietong.platform.record.kinds import describe

        describe(
            "distribution",
            _("A product is distributed by another rule"),
            {
                "mode": _("Rule from now on"),
                "quota": _("Units a person a round"),
                "mode_before": _("Rule until now"),
                "quota_before": _("Units a person a round until now"),
            },
            {"credits": _("for credits"), "quota": _("by quota"), "free": _("free")},
        )

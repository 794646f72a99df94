"""What is made and wanted, and by which rule it reaches people."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from xietong.platform.base import Named


class Region(Named):
    class Meta:
        ordering = ["code"]


class Group(Named):
    """A shelf of the catalogue."""

    class Meta:
        ordering = ["code"]


class Product(Named):
    class Mode(models.TextChoices):
        CREDITS = "credits", _("for credits")
        QUOTA = "quota", _("by quota")
        FREE = "free", _("free")

    class Tier(models.TextChoices):
        BASIC = "basic", _("basic need")
        PERSONAL = "personal", _("personal wish")

    group = models.ForeignKey(Group, models.PROTECT, related_name="products")
    unit_en = models.CharField(max_length=80)
    unit_zh = models.CharField(max_length=80)
    storable = models.BooleanField()
    loss = models.DecimalField(
        max_digits=7, decimal_places=6, default=0, help_text="share of a stock lost per round"
    )
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.CREDITS)
    quota = models.PositiveIntegerField(null=True, blank=True, help_text="units a person a round")
    tier = models.CharField(max_length=8, choices=Tier.choices, default=Tier.PERSONAL)
    orderable = models.BooleanField(help_text="people order it for themselves")
    pinyin = models.CharField(
        max_length=1700, help_text="syllables and initials of the Chinese name"
    )

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mode="quota", quota__isnull=False)
                | (~Q(mode="quota") & Q(quota__isnull=True)),
                name="products_product_quota_when_by_quota",
            ),
            models.CheckConstraint(
                condition=Q(mode__in=["credits", "quota", "free"]), name="products_product_mode"
            ),
            models.CheckConstraint(
                condition=Q(tier__in=["basic", "personal"]), name="products_product_tier"
            ),
            models.CheckConstraint(
                condition=Q(loss__gte=0, loss__lte=1), name="products_product_loss"
            ),
        ]

    @property
    def unit(self) -> str:
        """What one of it is, in the reader's language."""
        return self.unit_zh if (get_language() or "").startswith("zh") else self.unit_en

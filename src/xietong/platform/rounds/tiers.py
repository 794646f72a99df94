"""The four tiers of needs, in the order in which a plan meets them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tier(models.TextChoices):
    BASIC = "basic", _("Basic needs")
    PUBLIC = "public", _("Public needs")
    PERSONAL = "personal", _("Personal wishes")
    RESERVE = "reserve", _("Renewal and reserve")

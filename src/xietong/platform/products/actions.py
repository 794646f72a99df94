"""How products come into the catalogue and by which rule they reach people."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from xietong.platform.base import Rejected, constraint_of
from xietong.platform.record.actions import submit

from .models import Group, Product, Region
from .rules import Refusal, pinyin, quota_fits


@transaction.atomic
def add_region(code: str, *, name_en: str, name_zh: str) -> Region:
    """Add a region. Raises Rejected CODE_TAKEN."""
    region, fresh = Region.objects.get_or_create(
        code=code, defaults={"name_en": name_en, "name_zh": name_zh}
    )
    if not fresh:
        raise Rejected(Refusal.CODE_TAKEN, code)
    return region


@transaction.atomic
def add_group(code: str, *, name_en: str, name_zh: str) -> Group:
    """Add a shelf of the catalogue. Raises Rejected CODE_TAKEN."""
    group, fresh = Group.objects.get_or_create(
        code=code, defaults={"name_en": name_en, "name_zh": name_zh}
    )
    if not fresh:
        raise Rejected(Refusal.CODE_TAKEN, code)
    return group


@transaction.atomic
def add_product(product: Product) -> Product:
    """Add one product; takes and raises what `add_products` does."""
    return add_products([product])[0]


@transaction.atomic
def add_products(products: Iterable[Product]) -> list[Product]:
    """Add products, unsaved as they are given; the key for Chinese is made from the name.

    Raises Rejected CODE_TAKEN, QUOTA_AND_MODE_DISAGREE.
    """
    added = list(products)
    for product in added:
        if not quota_fits(product.mode, product.quota):
            raise Rejected(Refusal.QUOTA_AND_MODE_DISAGREE, product.code)
        product.pinyin = pinyin(product.name_zh)
    try:
        with transaction.atomic():
            return Product.objects.bulk_create(added)
    except IntegrityError as error:
        if constraint_of(error) != "products_product_pkey":
            raise
        taken = Product.objects.filter(code__in=[product.code for product in added])
        codes = ", ".join(taken.values_list("code", flat=True)[:5])
        raise Rejected(Refusal.CODE_TAKEN, codes) from error


@transaction.atomic
def set_mode(product: Product, *, mode: str, quota: int | None = None) -> Product:
    """Set by which rule a product reaches people, and put it on record.

    `quota` is in units a person a round, for products by quota alone. A rule that holds already
    changes and records nothing. Raises Rejected QUOTA_AND_MODE_DISAGREE.
    """
    if mode not in Product.Mode.values or not quota_fits(mode, quota):
        raise Rejected(Refusal.QUOTA_AND_MODE_DISAGREE, product.code)
    locked = Product.objects.select_for_update().get(pk=product.pk)
    if (locked.mode, locked.quota) != (mode, quota):
        before = {"mode_before": locked.mode, "quota_before": locked.quota}
        locked.mode, locked.quota = mode, quota
        locked.save(update_fields=["mode", "quota"])
        names = {"name_en": locked.name_en, "name_zh": locked.name_zh}
        now = {"product": locked.code, "mode": mode, "quota": quota}
        submit("distribution", {**now, **before, **names})
    return locked

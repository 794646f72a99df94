"""How products come into the catalogue and by which rule they reach people."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from xietong.platform.base import Rejected, constraint_of
from xietong.platform.people.models import Person
from xietong.platform.people.once import once
from xietong.platform.record.actions import submit

from .models import Change, Group, Product, Region, Residence, Rule, Trial
from .rules import Refusal, next_mode, pinyin, quota_fits


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
def set_mode(
    product: Product,
    *,
    mode: str,
    quota: int | None = None,
    reason_en: str = "",
    reason_zh: str = "",
    by_rule: bool = False,
) -> Product:
    """Set by which rule a product reaches people, and put it on record with the reason.

    It holds for the rounds whose rules are not written yet. `quota` is in units a person a round,
    for products by quota alone. A rule that holds already changes and records nothing. Raises
    Rejected QUOTA_AND_MODE_DISAGREE, TRIAL_RUNNING.
    """
    if mode not in Product.Mode.values or not quota_fits(mode, quota):
        raise Rejected(Refusal.QUOTA_AND_MODE_DISAGREE, product.code)
    locked = Product.objects.select_for_update().get(pk=product.pk)
    if (locked.mode, locked.quota) == (mode, quota):
        return locked
    if Trial.objects.filter(product=locked, ended_round=None).exists():
        raise Rejected(Refusal.TRIAL_RUNNING, str(locked))
    change = Change.objects.create(
        product=locked,
        first_round=coming_round(),
        mode_before=locked.mode,
        quota_before=locked.quota,
        mode=mode,
        quota=quota,
        by_rule=by_rule,
        reason_en=reason_en,
        reason_zh=reason_zh,
    )
    locked.mode, locked.quota = mode, quota
    locked.save(update_fields=["mode", "quota"])
    submit(
        "distribution",
        {
            "product": locked.code,
            "name_en": locked.name_en,
            "name_zh": locked.name_zh,
            "mode": mode,
            "quota": quota,
            "mode_before": change.mode_before,
            "quota_before": change.quota_before,
            "first_round": change.first_round,
            "by_rule": by_rule,
            "reason_en": reason_en,
            "reason_zh": reason_zh,
        },
    )
    return locked


@transaction.atomic
def set_residences(region: str, persons: Iterable[Person]) -> None:
    """Write down that these persons live in a region, wherever they lived. UNKNOWN_REGION."""
    if not Region.objects.filter(pk=region).exists():
        raise Rejected(Refusal.UNKNOWN_REGION, region)
    Residence.objects.bulk_create(
        [Residence(person=person, region_id=region) for person in persons],
        batch_size=5000,
        update_conflicts=True,
        unique_fields=["person"],
        update_fields=["region"],
    )


@once
@transaction.atomic
def move_to(person: Person, *, region: str, key: UUID | None = None) -> Residence:
    """A person lives in another region from now on; what is ordered already stays as it was.

    Raises Rejected UNKNOWN_REGION.
    """
    set_residences(region, [person])
    return Residence.objects.get(person=person)


@transaction.atomic
def begin_trial(product: Product, *, region: Region, quota: int | None, rounds: int) -> Trial:
    """Let the residents of a region have a product by the next rule, for so many rounds.

    It begins with the first round whose rules are not written yet. Raises Rejected
    TRIAL_RUNNING, NOT_ONE_STEP (a free product), QUOTA_AND_MODE_DISAGREE.
    """
    locked = Product.objects.select_for_update().get(pk=product.pk)
    mode = next_mode(locked.mode)
    if mode is None:
        raise Rejected(Refusal.NOT_ONE_STEP, str(locked))
    if not quota_fits(mode, quota):
        raise Rejected(Refusal.QUOTA_AND_MODE_DISAGREE, str(locked))
    if Trial.objects.filter(product=locked, ended_round=None).exists():
        raise Rejected(Refusal.TRIAL_RUNNING, str(locked))
    first = coming_round()
    trial = Trial.objects.create(
        product=locked,
        region=region,
        mode=mode,
        quota=quota,
        first_round=first,
        last_round=first + rounds - 1,
    )
    _record(trial, "distribution-trial")
    return trial


@transaction.atomic
def end_trial(trial: Trial, *, round_number: int, failed: bool) -> None:
    """A trial is over with the close of a round; the rules of its further rounds fall away.

    Rounds whose rules are written keep them. Raises Rejected NO_TRIAL.
    """
    ended = Trial.objects.filter(pk=trial.pk, ended_round=None)
    if not ended.update(ended_round=round_number, failed=failed):
        raise Rejected(Refusal.NO_TRIAL, str(trial.product))
    trial.ended_round, trial.failed = round_number, failed
    _record(trial, "distribution-trial-over")


@transaction.atomic
def write_rules(round_number: int, fair_shares: Mapping[str, int]) -> None:
    """Write by which rule each product reaches people in a round, for good.

    `fair_shares` limits what a person may order of a product where it is free, in units by code.
    A round whose rules are written keeps them.
    """
    products = Product.objects.filter(orderable=True).values_list("code", "mode", "quota")
    rules = [
        _rule(round_number, code, mode, quota, fair_shares.get(code))
        for code, mode, quota in products.iterator()
    ]
    rules += [
        _rule(
            round_number,
            trial.product_id,
            trial.mode,
            trial.quota,
            fair_shares.get(trial.product_id),
            region=trial.region_id,
        )
        for trial in Trial.objects.filter(
            ended_round=None, first_round__lte=round_number, last_round__gte=round_number
        )
    ]
    Rule.objects.bulk_create(rules, batch_size=5000, ignore_conflicts=True)


def coming_round() -> int:
    """The first round whose rules are not written yet."""
    return (Rule.objects.aggregate(last=Max("round_number"))["last"] or 0) + 1


def _rule(
    round_number: int,
    product: str,
    mode: str,
    quota: int | None,
    share: int | None,
    *,
    region: str | None = None,
) -> Rule:
    return Rule(
        round_number=round_number,
        product_id=product,
        on_trial=region is not None,
        region_id=region,
        mode=mode,
        quota=quota,
        most=share if mode == Product.Mode.FREE else None,
    )


def _record(trial: Trial, kind: str) -> None:
    product, region = trial.product, trial.region
    submit(
        kind,
        {
            "product": product.code,
            "name_en": product.name_en,
            "name_zh": product.name_zh,
            "region_en": region.name_en,
            "region_zh": region.name_zh,
            "mode": trial.mode,
            "quota": trial.quota,
            "first_round": trial.first_round,
            "last_round": trial.last_round,
            "ended_round": trial.ended_round,
            "failed": trial.failed,
        },
    )

"""Enterprises, their techniques and their means, one by one or a whole country at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from ..models import Enterprise, Means, Occupation, Technique, TechniqueProduct


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseDraft:
    code: str
    region: str
    name_en: str
    name_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeansDraft:
    """Means of one enterprise; `available` in capacity units per round."""

    code: str
    enterprise: str
    name_en: str
    name_zh: str
    available: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TechniqueDraft:
    """One way of producing. All is per run: hours, inputs and outputs by product, occupied means.

    `lead_time` counts the rounds after which the outputs appear; `usual_runs` are those of a round
    before there was a plan.
    """

    code: str
    enterprise: str
    name_en: str
    name_zh: str
    hours: Decimal
    inputs: Mapping[str, Decimal]
    outputs: Mapping[str, Decimal]
    occupies: Mapping[str, Decimal] = field(default_factory=dict)
    lead_time: int = 0
    usual_runs: Decimal = Decimal(0)


def add_enterprise(code: str, *, region: str, name_en: str, name_zh: str) -> Enterprise:
    """Found an enterprise in a region, given by its code."""
    draft = EnterpriseDraft(code=code, region=region, name_en=name_en, name_zh=name_zh)
    return add_enterprises([draft])[0]


@transaction.atomic
def add_enterprises(drafts: Iterable[EnterpriseDraft]) -> list[Enterprise]:
    """Found many enterprises."""
    return Enterprise.objects.bulk_create(
        Enterprise(
            code=draft.code, region_id=draft.region, name_en=draft.name_en, name_zh=draft.name_zh
        )
        for draft in drafts
    )


def add_means(
    code: str, *, enterprise: str, name_en: str, name_zh: str, available: Decimal
) -> Means:
    """Give an enterprise means with `available` capacity units per round."""
    draft = MeansDraft(
        code=code, enterprise=enterprise, name_en=name_en, name_zh=name_zh, available=available
    )
    return add_many_means([draft])[0]


@transaction.atomic
def add_many_means(drafts: Iterable[MeansDraft]) -> list[Means]:
    """Give many enterprises their means."""
    return Means.objects.bulk_create(
        Means(
            code=draft.code,
            enterprise_id=draft.enterprise,
            name_en=draft.name_en,
            name_zh=draft.name_zh,
            available=draft.available,
        )
        for draft in drafts
    )


def add_technique(draft: TechniqueDraft) -> Technique:
    """Add a technique with what it takes, gives and occupies."""
    return add_techniques([draft])[0]


@transaction.atomic
def add_techniques(drafts: Iterable[TechniqueDraft]) -> list[Technique]:
    """Add many techniques with what they take, give and occupy."""
    drafts = list(drafts)
    techniques = Technique.objects.bulk_create(
        Technique(
            code=draft.code,
            enterprise_id=draft.enterprise,
            name_en=draft.name_en,
            name_zh=draft.name_zh,
            lead_time=draft.lead_time,
            hours=draft.hours,
            usual_runs=draft.usual_runs,
        )
        for draft in drafts
    )
    TechniqueProduct.objects.bulk_create(
        TechniqueProduct(technique_id=draft.code, side=side, product_id=product, quantity=quantity)
        for draft in drafts
        for side, quantities in (
            (TechniqueProduct.Side.INPUT, draft.inputs),
            (TechniqueProduct.Side.OUTPUT, draft.outputs),
        )
        for product, quantity in quantities.items()
    )
    Occupation.objects.bulk_create(
        Occupation(technique_id=draft.code, means_id=means, quantity=quantity)
        for draft in drafts
        for means, quantity in draft.occupies.items()
    )
    return techniques

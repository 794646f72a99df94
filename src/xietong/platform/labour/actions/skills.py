"""Skills: named, stated by who has them, confirmed by another; and what skills work needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from xietong.platform.base import Rejected, again_after_conflict
from xietong.platform.enterprises.models import Enterprise, Membership
from xietong.platform.people.models import Person
from xietong.platform.people.once import once
from xietong.platform.record.actions import submit

from ..models import PersonSkill, Skill, SkillShare
from ..rules import PostRefusal

SMALLEST = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillDraft:
    code: str
    name_en: str
    name_zh: str


@transaction.atomic
def add_skills(drafts: Iterable[SkillDraft]) -> list[Skill]:
    """Give many skills their names."""
    return Skill.objects.bulk_create(
        Skill(code=draft.code, name_en=draft.name_en, name_zh=draft.name_zh) for draft in drafts
    )


@again_after_conflict
@once
@transaction.atomic
def state_skill(by: Person, *, skill: str, certificate: str = "", key: UUID | None = None) -> None:
    """State that one has a skill, and by what certificate; stated again, the certificate changes.

    Raises Rejected NO_SUCH_SKILL, SKILL_CONFIRMED.
    """
    if not Skill.objects.filter(code=skill).exists():
        raise Rejected(PostRefusal.NO_SUCH_SKILL, skill)
    had = PersonSkill.objects.select_for_update().filter(person=by, skill=skill).first()
    if had is not None and had.confirmed_by_id:
        raise Rejected(PostRefusal.SKILL_CONFIRMED, str(had.skill))
    PersonSkill.objects.bulk_create(
        [PersonSkill(person=by, skill_id=skill, certificate=certificate)],
        update_conflicts=True,
        unique_fields=["person", "skill"],
        update_fields=["certificate"],
    )


@once
@transaction.atomic
def withdraw_skill(by: Person, *, skill: str, key: UUID | None = None) -> None:
    """Take back a statement nobody has confirmed. Raises Rejected NO_SUCH_SKILL."""
    stated = PersonSkill.objects.filter(person=by, skill=skill, confirmed_by=None)
    if not stated.delete()[0]:
        raise Rejected(PostRefusal.NO_SUCH_SKILL, skill)


@again_after_conflict
@once
@transaction.atomic
def confirm_skill(by: Person, *, person: UUID, skill: str, key: UUID | None = None) -> None:
    """Confirm what another has stated: a team-mate's, or one that is confirmed of oneself.

    Confirmed again, nothing changes. Raises Rejected NO_SUCH_SKILL, OWN_SKILL.
    """
    stated = (
        PersonSkill.objects.select_for_update(of=("self",))
        .filter(person=person, skill=skill)
        .first()
    )
    if stated is None:
        raise Rejected(PostRefusal.NO_SUCH_SKILL, skill)
    if person == by.id or not (_team_mates(by, person) or _has(by, skill)):
        raise Rejected(PostRefusal.OWN_SKILL)
    PersonSkill.objects.filter(person=person, skill=skill, confirmed_by=None).update(
        confirmed_by=by, confirmed_at=Now()
    )


def _team_mates(by: Person, person: UUID) -> bool:
    mine = Membership.objects.filter(person=by, until=None).values("enterprise")
    return Membership.objects.filter(person=person, until=None, enterprise__in=mine).exists()


def _has(by: Person, skill: str) -> bool:
    return PersonSkill.objects.filter(person=by, skill=skill, confirmed_by__isnull=False).exists()


@once
@transaction.atomic
def set_skill_mix(by: Person, *, shares: Mapping[str, Decimal], key: UUID | None = None) -> None:
    """Say what skills the hours of one's enterprise need: shares by skill that sum to 1.

    It counts from the next opening of posts on. Raises Rejected NOT_A_TEAM_MATE for who has no
    place, NO_SUCH_SKILL, NOT_WHOLE.
    """
    place = Membership.objects.filter(person=by, until=None).first()
    if place is None:
        raise Rejected(PostRefusal.NOT_A_TEAM_MATE)
    set_skill_mixes({place.enterprise_id: shares})
    submit(
        "skill-mix",
        {"enterprise": place.enterprise_id, "name": by.name, "shares": dict(shares)},
    )


@transaction.atomic
def set_skill_mixes(mixes: Mapping[str, Mapping[str, Decimal]]) -> None:
    """Set the skills that enterprises need, by their codes. Raises as `set_skill_mix` does."""
    for enterprise, shares in mixes.items():
        broken = any(share <= 0 or share % SMALLEST for share in shares.values())
        if broken or sum(shares.values()) != 1:
            raise Rejected(PostRefusal.NOT_WHOLE, enterprise)
    asked = {skill for shares in mixes.values() for skill in shares}
    known = Skill.objects.filter(code__in=asked).values_list("code", flat=True)
    if unknown := asked - set(known):
        raise Rejected(PostRefusal.NO_SUCH_SKILL, ", ".join(sorted(unknown)))
    # Whoever comes second waits here, and finds what the first has set.
    list(Enterprise.objects.select_for_update(no_key=True).filter(code__in=mixes).order_by("code"))
    SkillShare.objects.filter(enterprise__in=mixes).delete()
    SkillShare.objects.bulk_create(
        SkillShare(enterprise_id=enterprise, skill_id=skill, share=share)
        for enterprise, shares in sorted(mixes.items())
        for skill, share in sorted(shares.items())
    )

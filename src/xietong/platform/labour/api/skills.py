"""Skills for programs: named, stated, confirmed, and what an enterprise's hours need of them."""

from decimal import Decimal
from typing import cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from xietong.platform.people.models import Person
from xietong.platform.people.once import Key

from .. import actions, queries

router = Router(tags=["labour"])


class SkillOut(Schema):
    code: str
    name_en: str
    name_zh: str


class MySkillOut(Schema):
    skill: str
    certificate: str
    confirmed_by: str | None


class ToConfirmOut(Schema):
    person_id: UUID
    person: str
    skill: str
    certificate: str


class SkillIn(Schema):
    skill: str
    certificate: str = ""


class ConfirmIn(Schema):
    person: UUID
    skill: str


class MixIn(Schema):
    shares: dict[str, Decimal]


@router.get(
    "/skills", response=list[SkillOut], auth=None, operation_id="list_skills", summary="All skills"
)
def list_skills(request: HttpRequest) -> list[SkillOut]:
    return [
        SkillOut(code=skill.code, name_en=skill.name_en, name_zh=skill.name_zh)
        for skill in queries.skills()
    ]


@router.get(
    "/my-skills", response=list[MySkillOut], operation_id="list_my_skills", summary="My skills"
)
def list_my_skills(request: HttpRequest) -> list[MySkillOut]:
    return _skills(cast(Person, request.user))


@router.post(
    "/my-skills", response=list[MySkillOut], operation_id="state_skill", summary="State a skill"
)
def state_skill(request: HttpRequest, given: SkillIn, key: Key = None) -> list[MySkillOut]:
    by = cast(Person, request.user)
    actions.state_skill(by, skill=given.skill, certificate=given.certificate, key=key)
    return _skills(by)


@router.post(
    "/my-skills/withdraw",
    response=list[MySkillOut],
    operation_id="withdraw_skill",
    summary="Take back a skill that nobody has confirmed",
)
def withdraw_skill(request: HttpRequest, given: SkillIn, key: Key = None) -> list[MySkillOut]:
    by = cast(Person, request.user)
    actions.withdraw_skill(by, skill=given.skill, key=key)
    return _skills(by)


@router.get(
    "/skills-to-confirm",
    response=list[ToConfirmOut],
    operation_id="list_skills_to_confirm",
    summary="Skills that I can confirm",
)
def list_skills_to_confirm(request: HttpRequest, page: int = 1) -> list[ToConfirmOut]:
    """Of team-mates, and of everybody in a skill that is confirmed of me; 25 a page."""
    return [
        ToConfirmOut(
            person_id=stated.person_id,
            person=stated.person.name,
            skill=stated.skill_id,
            certificate=stated.certificate,
        )
        for stated in queries.skills_to_confirm(cast(Person, request.user), page).object_list
    ]


@router.post(
    "/skills-to-confirm",
    response={204: None},
    operation_id="confirm_skill",
    summary="Confirm another's skill",
)
def confirm_skill(request: HttpRequest, given: ConfirmIn, key: Key = None) -> Status[None]:
    by = cast(Person, request.user)
    actions.confirm_skill(by, person=given.person, skill=given.skill, key=key)
    return Status(204, None)


@router.post(
    "/skill-mix",
    response={204: None},
    operation_id="set_skill_mix",
    summary="What skills the hours of my enterprise need",
)
def set_skill_mix(request: HttpRequest, given: MixIn, key: Key = None) -> Status[None]:
    """Shares of 1 by skill, 1 together."""
    actions.set_skill_mix(cast(Person, request.user), shares=given.shares, key=key)
    return Status(204, None)


def _skills(person: Person) -> list[MySkillOut]:
    return [
        MySkillOut(
            skill=stated.skill_id,
            certificate=stated.certificate,
            confirmed_by=stated.confirmed_by.name if stated.confirmed_by else None,
        )
        for stated in queries.skills_of(person)
    ]

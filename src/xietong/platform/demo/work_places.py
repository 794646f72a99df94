"""Skills and public services, the turns that people serve, and those who look for other work."""

import numpy as np

from xietong.platform.enterprises.models import Membership
from xietong.platform.labour import actions as labour
from xietong.platform.labour.actions import SkillDraft
from xietong.platform.labour.models import Offer, Place, Post, Rota, Service
from xietong.platform.people import actions as people
from xietong.platform.people.models import Ground, Need, Person
from xietong.platform.record import actions as record

from . import assumptions as assumed
from .inhabitants import VISITORS
from .steps import Draw, planner


def found() -> None:
    """Name the skills, say where they are needed, and who has them; define public services."""
    labour.add_skills(
        SkillDraft(code=code, name_en=name_en, name_zh=name_zh)
        for code, (name_en, name_zh) in assumed.SKILLS.items()
    )
    labour.set_skill_mixes(assumed.SKILL_MIXES)
    for enterprise, shares in assumed.SKILL_MIXES.items():
        team = _members(enterprise)
        for at, person in enumerate(team[: assumed.SKILLED_AT_FIRST]):
            skill = list(shares)[at % len(shares)]
            labour.state_skill(person, skill=skill)
            labour.confirm_skill(team[at - 1], person=person.id, skill=skill)
    for code, (name_en, name_zh, starts, minutes) in assumed.SERVICES.items():
        labour.add_service(
            code,
            name_en=name_en,
            name_zh=name_zh,
            scope=Service.Scope.WHOLE,
            starts=starts,
            minutes=minutes,
            people=assumed.PEOPLE_A_TURN,
            rest=assumed.REST_BETWEEN_TURNS,
        )


def announce(number: int) -> None:
    """Announce the turns of a round, before anyone knows the seed of the lot."""
    if not Rota.objects.filter(round_number=number).exists():
        labour.announce_rota(planner(), round_number=number, weeks=assumed.WEEKS_WORKED, wait=1)


def draw(number: int) -> None:
    """Draw the turns of a round once its seed is on record."""
    record.sequence()
    labour.draw_rota(planner(), round_number=number)


def serve(number: int) -> None:
    """People serve their turns; those who served with them confirm it."""
    held = list(
        Place.objects.filter(turn__rota=number, until=None)
        .select_related("person")
        .order_by("turn_id", "number")
    )
    by_turn: dict[str, list[Place]] = {}
    for place in held:
        by_turn.setdefault(place.turn_id, []).append(place)
    for there in by_turn.values():
        for at, place in enumerate(there):
            if len(there) > 1 and place.confirmed_by_id is None:
                labour.confirm_turn(there[at - 1].person, place=place.id)


def apply(number: int) -> None:
    """A few ask for other work, or for their first, and take what suits them of what is offered."""
    step = Draw(number, "apply")
    open_posts = Post.objects.filter(capacity__gt=0).order_by("-capacity", "id")
    choices = list(open_posts.values_list("id", flat=True)[: assumed.CHOICES])
    for person in _seekers(step.rng):
        labour.apply(
            person,
            choices=choices,
            minutes=assumed.FULL_WEEK,
            learns=True,
            anything=True,
            key=step.key(person.id),
        )
    labour.match_applications()
    offers = Offer.objects.filter(answer=Offer.Answer.OPEN).select_related("person")
    for offer in offers.order_by("person_id", "id"):
        person = offer.person
        if person.username in VISITORS:
            continue
        if offer.minutes < assumed.FULL_WEEK / 2:
            labour.withdraw_application(person, key=step.key("withdraw", offer.id))
            labour.decline_offer(person, offer=offer.id, key=step.key("decline", offer.id))
            continue
        labour.accept_offer(person, offer=offer.id, key=step.key("accept", offer.id))
        for need in Need.objects.filter(
            person=person, ground=Ground.STUDY, state=Need.State.GRANTED
        ):
            people.end_need(person, person=person.id, event=need.last, key=step.key(need.last))


def spared() -> list[Person]:
    """Members whom their enterprise can do without for a while: those who came last to it."""
    teams: dict[str, list[Person]] = {}
    for place in Membership.objects.filter(until=None).select_related("person").order_by("id"):
        teams.setdefault(place.enterprise_id, []).append(place.person)
    return [
        person
        for team in teams.values()
        for person in team[assumed.LEAST_TEAM :]
        if person.username not in VISITORS
    ]


def _seekers(rng: np.random.Generator) -> list[Person]:
    """Somebody who studied, and some whom their enterprise can spare."""
    students = Person.objects.filter(ground=Ground.STUDY, left_at=None)
    done = list(students.exclude(username__in=VISITORS).order_by("id")[:1])
    free = [person for person in spared() if person.ground == Ground.WORK]
    chosen = rng.choice(len(free), min(len(free), assumed.SEEKERS), replace=False)
    return done + [free[at] for at in chosen]


def _members(enterprise: str) -> list[Person]:
    places = Membership.objects.filter(enterprise=enterprise, until=None).select_related("person")
    return [place.person for place in places.order_by("id")]

"""Who lives in the demo country: what each is and has, where, with whom and how they shop."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

import numpy as np

from xietong.planning.sources.brazil import SupplyUse
from xietong.planning.sources.brazil.assumptions import UNEMPLOYMENT
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.needs import actions as needs
from xietong.platform.people import actions as people
from xietong.platform.people.models import Duty, Ground, Person
from xietong.platform.products import actions as products

from . import assumptions as assumed
from .names import FAMILY, GIVEN


@dataclass(frozen=True)
class SignIn:
    """Somebody whom a visitor can be: told with the password when the demo starts."""

    username: str
    name: str
    industry: str | None
    ground: Ground
    manages: bool
    about_en: str
    about_zh: str


SIGN_INS = (
    SignIn("ana", "Ana Souza", "1093", Ground.WORK, False, "makes food", "食品厂工人"),
    SignIn("bruno", "Bruno Lima", "1093", Ground.WORK, True, "manages there", "同厂管理人员"),
    SignIn("celia", "Célia Rocha", None, Ground.PENSION, False, "is retired", "退休"),
    SignIn("davi", "Davi Nunes", None, Ground.STUDY, False, "studies", "学生"),
    SignIn("elisa", "Elisa Costa", "8400", Ground.WORK, False, "planning duty", "担任计划值勤"),
)
VISITORS = frozenset(person.username for person in SIGN_INS)


def settle(table: SupplyUse, scale: int) -> None:
    """Everyone comes onto the roll, to a place of work, a home, and a way to shop."""
    _people(table, scale)
    _homes()
    _ways_to_shop()


def _people(table: SupplyUse, scale: int) -> None:
    rng = np.random.default_rng(assumed.SEED)
    heads = round(assumed.POPULATION / scale)
    jobs = dict(zip(table.industries, table.jobs / scale, strict=True))
    seats = _seats(jobs, round(sum(jobs.values()) / (1.0 - UNEMPLOYMENT.value)))
    special = [
        people.enrol(
            username=person.username,
            name=person.name,
            password=assumed.PASSWORD,
            ground=person.ground,
        )
        for person in SIGN_INS
    ]
    by_name = {person.username: person for person in special}
    people.give_duty(by_name["elisa"], Duty.Kind.PLANNING)
    people.give_duty(by_name["elisa"], Duty.Kind.ALLOWANCES)
    people.give_duty(by_name["celia"], Duty.Kind.APPEALS)
    workers = [
        industry
        for industry, n in seats.items()
        for _ in range(n - sum(person.industry == industry for person in SIGN_INS))
    ]
    others = heads - len(SIGN_INS) - len(workers)
    grounds = [Ground.WORK] * len(workers) + _grounds(others)
    rows = [
        people.NewPerson(
            username=f"p{number:04d}",
            name=f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}",
            ground=ground,
        )
        for number, ground in enumerate(grounds, start=1)
    ]
    enrolled = people.enrol_many(rows)
    places = list(zip(enrolled, workers, strict=False))
    managers = _first_of_each(places)
    enterprises.join_many(
        [
            *(
                enterprises.Place(person=person, enterprise=industry, manages=person in managers)
                for person, industry in places
            ),
            *(
                enterprises.Place(person=person, enterprise=given.industry, manages=given.manages)
                for person, given in zip(special, SIGN_INS, strict=True)
                if given.industry
            ),
        ]
    )


def _homes() -> None:
    """Everyone lives in a region and in a household."""
    rng = np.random.default_rng(assumed.SEED + 2)
    everyone = list(Person.objects.order_by("id"))
    regions = list(assumed.RESIDENCES)
    shares = np.array([share for *_, share in assumed.RESIDENCES.values()])
    for code, (name_en, name_zh, _) in assumed.RESIDENCES.items():
        products.add_region(code, name_en=name_en, name_zh=name_zh)
    lives = rng.choice(len(regions), size=len(everyone), p=shares / shares.sum())
    for at, region in enumerate(regions):
        products.set_residences(
            region, [person for person, where in zip(everyone, lives, strict=True) if where == at]
        )
    children = [person for person in everyone if person.ground == Ground.CHILD]
    adults = [person for person in everyone if person.ground != Ground.CHILD]
    rng.shuffle(adults)
    households: list[list[Person]] = []
    for grown, small in cycle(assumed.HOUSEHOLDS):
        if not adults:
            break
        homes, adults = adults[:grown], adults[grown:]
        households.append([*homes, *children[:small]])
        children = children[small:]
    # Whoever is left finds a home with one of the first.
    for child, home in zip(children, cycle(households)):
        home.append(child)
    people.form_households([home for home in households if len(home) > 1])


def _ways_to_shop() -> None:
    """Most let their order repeat itself and their goods come home; the others come themselves."""
    rng = np.random.default_rng(assumed.SEED + 3)
    everyone = list(Person.objects.order_by("id"))
    stays = rng.random(len(everyone)) < assumed.BROUGHT_HOME
    for person, at_home in zip(everyone, stays, strict=True):
        if at_home and person.username not in VISITORS:
            needs.set_standing(person, repeats=True, delivered=True)


def _first_of_each(places: Sequence[tuple[Person, str]]) -> set[Person]:
    """One manager an enterprise; where a sign-in manages, nobody else does."""
    managed = {person.industry for person in SIGN_INS if person.manages}
    first: dict[str, Person] = {}
    for person, industry in places:
        first.setdefault(industry, person)
    return {person for industry, person in first.items() if industry not in managed}


def _seats(jobs: dict[str, float], total: int) -> dict[str, int]:
    """Members of each enterprise, by largest remainder; two at least, so that one can certify
    the other's hours."""
    exact = {industry: n * total / sum(jobs.values()) for industry, n in jobs.items()}
    seats = {industry: max(2, math.floor(n)) for industry, n in exact.items()}
    by_remainder = sorted(exact, key=lambda industry: seats[industry] - exact[industry])
    for industry in by_remainder[: max(0, total - sum(seats.values()))]:
        seats[industry] += 1
    return seats


def _grounds(n: int) -> list[Ground]:
    grounds = [
        ground
        for ground, share in assumed.GROUNDS_OF_OTHERS.items()
        for _ in range(round(n * share))
    ]
    return (grounds + [Ground.PENSION] * n)[:n]

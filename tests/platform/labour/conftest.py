"""A workshop of three in a running round, a smithy of one, and somebody without a place."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from xietong.platform.enterprises import actions as enterprises
from xietong.platform.enterprises.models import Enterprise
from xietong.platform.labour import actions
from xietong.platform.people.models import Person
from xietong.platform.products.models import Region


@dataclass(frozen=True)
class Team:
    ana: Person
    bruno: Person
    carla: Person
    smith: Person
    guest: Person
    workshop: Enterprise


@pytest.fixture
def team(db: None) -> Team:
    """Ana, Bruno and Carla work in the workshop; round 1 is running."""
    Region.objects.create(code="valley", name_en="Valley", name_zh="河谷")
    workshop = enterprises.add_enterprise(
        "workshop", region="valley", name_en="Workshop", name_zh="车间"
    )
    enterprises.add_enterprise("smithy", region="valley", name_en="Smithy", name_zh="铁匠铺")
    ana, bruno, carla, smith, guest = Person.objects.bulk_create(
        Person(username=name.lower(), name=name)
        for name in ("Ana", "Bruno", "Carla", "Smith", "Guest")
    )
    enterprises.join_many(
        [
            *(enterprises.Place(person, "workshop") for person in (ana, bruno, carla)),
            enterprises.Place(smith, "smithy"),
        ]
    )
    enterprises.open_dispatch(1, [])
    return Team(ana, bruno, carla, smith, guest, workshop)


@pytest.fixture
def busy(team: Team) -> Team:
    """Round 2 runs, of five weeks: the plan asks five full weeks of the workshop, where three
    work, and one of the smithy, which has a smith.
    """
    for enterprise in ("workshop", "smithy"):
        enterprises.add_technique(
            enterprises.TechniqueDraft(
                code=f"{enterprise}-work",
                enterprise=enterprise,
                name_en="Work",
                name_zh="干活",
                hours=Decimal(1),
                inputs={},
                outputs={},
            )
        )
    enterprises.close_dispatch(1)
    send(2, workshop=5, smithy=1)
    return team


def send(number: int, **weeks: int) -> None:
    """Send a round of five weeks out that asks so many full weeks a week of each enterprise."""
    tasks = [
        enterprises.TaskDraft(f"{code}-work", Decimal(1), Decimal(full * 40 * 5))
        for code, full in weeks.items()
    ]
    enterprises.open_dispatch(number, tasks)
    actions.open_posts(number, days=35)

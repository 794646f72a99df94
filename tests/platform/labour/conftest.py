"""A workshop of three in a running round, a smithy of one, and somebody without a place."""

from dataclasses import dataclass

import pytest

from xietong.platform.enterprises import actions as enterprises
from xietong.platform.enterprises.models import Enterprise
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

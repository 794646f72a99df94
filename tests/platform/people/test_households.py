"""Households: who joins agrees, and only its members see who they are."""

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.test import Client

from xietong.platform.base import Rejected
from xietong.platform.people import actions, queries
from xietong.platform.people.models import Ground, Household, Membership, Person
from xietong.platform.people.queries import HouseholdKind
from xietong.platform.people.rules import Refusal

if TYPE_CHECKING:
    from tests.platform.people.conftest import Village


@pytest.fixture
def child(village: "Village") -> Person:
    return actions.enrol(username="emil", name="Emil", password=None, ground=Ground.CHILD)


def insert(person: Person, household: UUID, *, by: Person, agreed: Person | None) -> None:
    """A membership written past the actions as it is given."""
    with transaction.atomic():
        Membership.objects.create(
            person=person,
            household_id=household,
            invited_by=by,
            agreed_by=agreed,
            since=Now() if agreed else None,
        )


def together(person: Person) -> set[str]:
    return {each.person.name for each in queries.my_household(person).members}


def test_that_who_is_invited_joins_by_their_own_word(village: "Village") -> None:
    invitation = actions.invite(village.ana, username="bruno")
    assert together(village.ana) == {"Ana"}
    with pytest.raises(Rejected) as why:
        actions.accept_invitation(village.ana, person=village.bruno.pk, invitation=invitation.id)
    assert why.value.reason == Refusal.NOT_YOURS_TO_AGREE
    actions.accept_invitation(village.bruno, person=village.bruno.pk, invitation=invitation.id)
    assert together(village.bruno) == {"Ana", "Bruno"}
    actions.leave_household(village.bruno, person=village.bruno.pk)
    assert (together(village.bruno), together(village.ana)) == (set(), {"Ana"})


def test_that_a_child_joins_and_leaves_by_an_adult_of_the_household(
    village: "Village", child: Person
) -> None:
    actions.form_households([[village.ana, village.bruno]])
    invitation = actions.invite(village.ana, username="emil")
    for other in (village.celia, child):
        with pytest.raises(Rejected):
            actions.accept_invitation(other, person=child.pk, invitation=invitation.id)
    actions.accept_invitation(village.bruno, person=child.pk, invitation=invitation.id)
    assert together(child) == {"Ana", "Bruno", "Emil"}
    for other in (village.celia, child):
        with pytest.raises(Rejected) as why:
            actions.leave_household(other, person=child.pk)
        assert why.value.reason == Refusal.NOT_IN_YOUR_HOUSEHOLD
    actions.leave_household(village.ana, person=village.ana.pk)
    with pytest.raises(Rejected) as why:
        actions.leave_household(village.bruno, person=village.bruno.pk)
    assert why.value.reason == Refusal.CHILDREN_REMAIN
    actions.leave_household(village.bruno, person=child.pk)
    assert together(child) == set()


def test_that_a_person_lives_in_one_household_at_most(village: "Village") -> None:
    actions.form_households([[village.ana, village.bruno]])
    invitation = actions.invite(village.celia, username="bruno")
    with pytest.raises(Rejected) as why:
        actions.accept_invitation(village.bruno, person=village.bruno.pk, invitation=invitation.id)
    assert why.value.reason == Refusal.IN_A_HOUSEHOLD
    actions.decline_invitation(village.bruno, invitation=invitation.id)
    assert queries.my_household(village.bruno).invitations == []


def test_that_the_database_takes_nobody_in_without_their_word(
    village: "Village", child: Person
) -> None:
    ana, bruno, celia = village.ana, village.bruno, village.celia
    (home,) = actions.form_households([[ana]])
    for person, by, agreed in (
        (bruno, ana, ana),
        (bruno, bruno, bruno),
        (bruno, celia, bruno),
        (child, ana, child),
        (child, ana, celia),
    ):
        with pytest.raises(IntegrityError):
            insert(person, home, by=by, agreed=agreed)
    insert(child, home, by=ana, agreed=ana)
    insert(bruno, home, by=ana, agreed=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(person=bruno).update(since="2026-01-01T00:00Z", agreed_by=ana)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(person=ana).update(household=Household.objects.create())
    with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
        Membership.objects.all().delete()


def test_that_kinds_follow_from_who_lives_together_and_small_cells_are_not_shown(
    db: None,
) -> None:
    def people(letter: str, *grounds: Ground) -> list[Person]:
        return actions.enrol_many(
            actions.NewPerson(f"{letter}{n}", f"{letter}{n}", ground)
            for n, ground in enumerate(grounds)
        )

    work, child, pension = Ground.WORK, Ground.CHILD, Ground.PENSION
    groups = {
        "one": people("a", work),
        "lone_parent": people("b", work, child, child),
        "couple": people("c", work, pension),
        "family": people("d", work, Ground.STUDY, child),
        "pensioners": people("e", pension, pension),
        "other": people("f", work, work, work),
    }
    actions.form_households(list(groups.values()))
    lonely = people("g", *[work] * 9, pension, child)
    kinds = queries.household_kinds()
    assert kinds == {
        **{person.pk: kind for kind, group in groups.items() for person in group},
        **{person.pk: "one" for person in lonely[:9]},
        lonely[9].pk: "pensioners",
        lonely[10].pk: "other",
    }
    assert queries.persons_by_household_kind() == {
        HouseholdKind.ONE: 10,
        HouseholdKind.LONE_PARENT: None,
        HouseholdKind.COUPLE: None,
        HouseholdKind.FAMILY: None,
        HouseholdKind.PENSIONERS: None,
        HouseholdKind.OTHER: None,
    }


def test_that_only_members_see_who_lives_in_a_household(village: "Village", client: Client) -> None:
    actions.form_households([[village.celia, village.davi]])
    for reader, seen in ((village.celia, True), (village.ana, False)):
        client.force_login(reader)
        for address in ("/me/needs/", "/api/people/household"):
            assert (b"Davi" in client.get(address).content) is seen

"""Each law of the rota's tables, tried in SQL past all of our code."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from tests.platform.conftest import Crowd

from xietong.platform.base import uuid7
from xietong.platform.labour import actions
from xietong.platform.labour.models import Exemption
from xietong.platform.people import actions as people
from xietong.platform.people.models import Duty, Ground, Person

from .conftest import Team
from .test_rota import DAY, entries, excuse, held, place_of, planned, recognise, services, strangers

__all__ = ["planned"]

INSERT = """
    INSERT INTO labour_place (person_id, id, turn_id, number, origin, ended)
    VALUES (%s, %s, %s, %s, 'free', '')
"""


def refused(statement: str, *values: object) -> str:
    """What the database says to a statement it does not accept, at the latest at the end."""
    with (
        pytest.raises(DatabaseError) as why,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)  # type: ignore[arg-type]
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return str(why.value).splitlines()[0]


def another_turn() -> str:
    """One on which nobody serves yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO labour_turn (code, rota_id, service_id, starts, ends, rest, people)"
            " VALUES ('another', 1, 'guard', 8000, 8100, 660, 2)"
        )
    return "another"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE labour_rota SET roll = '{}'",
        "UPDATE labour_rota SET wait = 4",
        "UPDATE labour_rota SET drawn = '{}'",
        "UPDATE labour_rota SET seed_entry_id = NULL, drawn = NULL, drawn_at = NULL",
    ],
)
def test_that_an_announced_and_drawn_rota_is_not_changed(planned: Team, statement: str) -> None:
    assert refused(statement) == "the rota of round 1 is announced and drawn once"


@pytest.mark.parametrize("table", ["labour_turn", "labour_candidate"])
def test_that_turns_and_the_list_are_written_once(planned: Team, table: str) -> None:
    said = f"pgtrigger: Cannot update or delete rows from {table} table"
    assert refused(f"DELETE FROM {table}") == said  # noqa: S608
    assert refused(f"UPDATE {table} SET rota_id = rota_id") == said  # noqa: S608


def test_that_another_entry_than_the_one_announced_is_no_seed(planned: Team) -> None:
    assert refused(
        "INSERT INTO labour_rota (round_number, announced_by_id, announcement_id, wait, roll,"
        " seed_entry_id, drawn, drawn_at)"
        " SELECT 2, announced_by_id, submission.id, 3, '{}', seed_entry_id, '{}', now()"
        " FROM labour_rota, record_submission AS submission WHERE kind = 'rota-drawn'"
    ).startswith("entry ")


def test_that_nobody_is_on_a_place_that_is_held_or_does_not_exist(planned: Team) -> None:
    other, turn = strangers(0)[0], place_of(0).turn_id
    assert "labour_place_held_once" in refused(INSERT, other.id, uuid7(), turn, 1)
    assert refused(INSERT, other.id, uuid7(), turn, 3) == f"turn {turn} has no place 3"


def test_that_nobody_serves_without_rest(planned: Team) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO labour_turn (code, rota_id, service_id, starts, ends, rest, people)"
            " VALUES ('soon', 1, 'guard', 1679, 1900, 660, 2),"
            " ('later', 1, 'guard', 1680, 1900, 660, 2)"
        )
    first = place_of(0).person
    assert refused(INSERT, first.id, uuid7(), "soon", 1) == "no rest between turns"
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [first.id, uuid7(), "later", 1])


def test_that_no_turn_leaves_less_rest_than_the_law_of_shifts(planned: Team) -> None:
    said = refused(
        "INSERT INTO labour_turn (code, rota_id, service_id, starts, ends, rest, people)"
        " VALUES ('soon', 1, 'guard', 8000, 8100, 659, 2)"
    )
    assert said == "between two turns lie at least 660 minutes"


@pytest.mark.parametrize("ground", ["child", "pension", "illness", "care"])
def test_that_who_cannot_serve_has_no_place(planned: Team, ground: str) -> None:
    turn, other = another_turn(), strangers(0)[0]
    recognise(planned.bruno if other == planned.ana else planned.ana, other, Ground(ground))
    assert refused(INSERT, other.id, uuid7(), turn, 2) == "the person cannot serve in round 1"


def test_that_who_is_excused_has_no_place(planned: Team) -> None:
    turn = another_turn()
    other = strangers(0)[0]
    excuse(planned.bruno if other == planned.ana else planned.ana, other)
    assert refused(INSERT, other.id, uuid7(), turn, 2) == "the person cannot serve in round 1"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("ended = 'handed', until = now()", "the place was handed to nobody"),
        ("ended = 'excused', until = now()", "nobody has excused this person"),
        ("number = 2", "a place stays whose it is: it is handed on by a new one"),
    ],
)
def test_that_a_place_is_not_left_empty_nor_moved(planned: Team, change: str, said: str) -> None:
    place = place_of(0)
    assert refused(f"UPDATE labour_place SET {change} WHERE id = %s", place.id) == said  # noqa: S608


def test_that_a_place_does_not_follow_one_that_was_not_handed_on(planned: Team) -> None:
    turn, other = another_turn(), strangers(0)[0]
    assert (
        refused(
            "INSERT INTO labour_place (person_id, id, turn_id, number, origin, ended, follows)"
            " VALUES (%s, %s, %s, 2, 'taken', '', %s)",
            other.id,
            uuid7(),
            turn,
            place_of(3 * DAY).id,
        )
        == "the place was handed on by nobody"
    )


def test_that_a_served_turn_is_final_and_confirmed_by_who_was_there(planned: Team) -> None:
    first, second = place_of(0), place_of(0, 2)
    confirm = "UPDATE labour_place SET confirmed_by_id = %s, confirmed_at = now() WHERE id = %s"
    assert "labour_place_confirmed_by_another" in refused(confirm, first.person_id, first.id)
    stranger = strangers(0)[0]
    assert refused(confirm, stranger.id, first.id) == "who confirms was not there"
    actions.confirm_turn(second.person, place=first.id)
    assert "Cannot update rows" in refused(confirm, second.person_id, first.id)
    assert "Cannot delete rows" in refused("DELETE FROM labour_place WHERE id = %s", first.id)


def test_that_nobody_decides_their_own_exemption_even_in_sql(planned: Team) -> None:
    asked = actions.ask_exemption(
        planned.ana, kind=Exemption.Kind.CARE, reason="a child", first_round=1, last_round=1
    )
    decide = (
        "UPDATE labour_exemption SET granted = true, decided_by_id = %s, decided_at = now(),"
        " reason = '' WHERE id = %s"
    )
    assert "labour_exemption_by_another" in refused(decide, planned.ana.id, asked.id)
    assert refused(decide, planned.carla.id, asked.id) == ("who decides holds no duty of enrolment")
    kept = decide.replace("reason = ''", "reason = 'kept'")
    assert "labour_exemption_decided_whole" in refused(kept, planned.bruno.id, asked.id)
    assert "an appeal is against a refusal" in refused(
        "UPDATE labour_exemption SET appeals = %s WHERE id = %s", uuid4(), asked.id
    )


def test_that_one_who_takes_two_turns_too_near_at_once_has_one(
    transactional_db: None, eight_at_once: Crowd
) -> None:
    """Eight processes put one person on eight turns of the same hour."""
    crowd = Person.objects.bulk_create(Person(username=f"p{n}", name=f"p{n}") for n in range(5))
    people.give_duty(crowd[0], Duty.Kind.PLANNING)
    services()
    actions.announce_rota(crowd[0], round_number=1, weeks=1)
    entries()
    actions.draw_rota(crowd[0], round_number=1)
    with connection.cursor() as cursor:
        for n in range(8):
            cursor.execute(
                "INSERT INTO labour_turn (code, rota_id, service_id, starts, ends, rest, people)"
                " VALUES (%s, 1, 'guard', %s, %s, 660, 2)",
                [f"new{n}", 8640 + n, 8700 + n],
            )
    before = len(held())
    answers = eight_at_once(lambda n: actions.volunteer(crowd[1], turn=f"new{n}").number)
    assert sorted(map(str, answers)) == ["1", *["no_rest"] * 7]
    assert len(held()) == before + 1

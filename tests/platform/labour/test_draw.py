"""The draw by itself: no database."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xietong.platform.labour.draw import (
    Candidate,
    Drawn,
    Line,
    Measures,
    Roll,
    Turn,
    faults,
    leaves_rest,
    lot,
    seed_of,
    too_close,
)
from xietong.platform.labour.solve import draw

HASH = lot("some entry of the record")


def turns(number: int, *, people: int = 2, apart: int = 2000, **options: object) -> list[Turn]:
    """So many turns of four hours with ten hours of rest, beginning so many minutes apart."""
    return [
        Turn(f"t{n}", "guard", n * apart, n * apart + 240, 600, people, **options)  # type: ignore[arg-type]
        for n in range(number)
    ]


def people(number: int, **options: object) -> list[Candidate]:
    return [Candidate(f"p{n}", 0, 1, **options) for n in range(number)]  # type: ignore[arg-type]


def roll(asked: list[Turn], listed: list[Candidate], most_turns: int = 2) -> Roll:
    return Roll(1, most_turns, tuple(asked), tuple(listed))


def drawn(asked: list[Turn], listed: list[Candidate], most_turns: int = 2) -> Drawn:
    found = draw(roll(asked, listed, most_turns), seed_entry=7, entry_hash=HASH)
    assert faults(found) == []
    return found


@st.composite
def rolls(choose: st.DrawFn) -> Roll:
    areas = st.sampled_from([None, "north", "south"])
    asked = [
        Turn(
            f"t{n}",
            choose(st.sampled_from(["guard", "fire"])),
            start := choose(st.integers(0, 4000)),
            start + choose(st.sampled_from([120, 240])),
            600,
            choose(st.integers(2, 3)),
            region=choose(areas),
            skill=choose(st.sampled_from([None, "first-aid"])),
            mixed=choose(st.booleans()),
        )
        for n in range(choose(st.integers(1, 5)))
    ]
    listed = [
        Candidate(
            f"p{n}",
            choose(st.sampled_from([0, 240, 480])),
            choose(st.integers(1, 3)),
            region=choose(areas),
            enterprise=choose(st.sampled_from([None, "mill", "forge"])),
            skills=choose(st.sampled_from([(), ("first-aid",)])),
            shifts=choose(st.sampled_from([(), ((480, 480),), ((1320, 480), (2760, 480))])),
        )
        for n in range(choose(st.integers(1, 9)))
    ]
    return roll(asked, listed)


@settings(max_examples=40, deadline=None)
@given(rolls(), st.randoms(use_true_random=False))
def test_that_the_order_of_the_rows_means_nothing_and_the_draw_holds_every_rule(
    listed: Roll, chance: "object"
) -> None:
    shuffled = replace(
        listed,
        turns=tuple(chance.sample(listed.turns, len(listed.turns))),  # type: ignore[attr-defined]
        candidates=tuple(
            chance.sample(listed.candidates, len(listed.candidates))  # type: ignore[attr-defined]
        ),
    )
    first = draw(listed, seed_entry=7, entry_hash=HASH)
    assert draw(shuffled, seed_entry=7, entry_hash=HASH).text() == first.text()
    assert faults(first) == []
    assert Drawn.read(first.text()).text() == first.text()


@settings(max_examples=25, deadline=None)
@given(rolls(), st.sets(st.integers(0, 8)))
def test_that_who_has_fallen_away_is_never_drawn(listed: Roll, gone: set[int]) -> None:
    away = frozenset(f"p{n}" for n in gone)
    found = draw(listed, seed_entry=7, entry_hash=HASH, away=away)
    assert away.isdisjoint(who for _, who in found.places)
    assert faults(found) == []


@settings(max_examples=20, deadline=None)
@given(st.integers(4, 12), st.integers(1, 6), st.integers(2, 3), st.integers(0, 3))
def test_that_over_many_rounds_nobody_serves_two_turns_more_than_another(
    number: int, asked: int, on_each: int, away: int
) -> None:
    """Some are away in every other round: only the others could always serve."""
    served: Counter[str] = Counter()
    able: Counter[str] = Counter()
    ids = [f"p{n}" for n in range(number)]
    for round_number in range(1, 9):
        here = ids[away if round_number % 2 else 0 :]
        able.update(here)
        listed = [Candidate(id, served[id], able[id]) for id in here]
        found = draw(
            Roll(round_number, 2, tuple(turns(asked, people=on_each)), tuple(listed)),
            seed_entry=round_number,
            entry_hash=HASH,
        )
        for _, who in found.places:
            served[who] += 240
        always = [served[id] for id in ids[away:]]
        if found.measures.open_places == 0 and always:
            assert max(always) - min(always) <= 240


def test_that_another_entry_gives_another_draw() -> None:
    listed = roll(turns(3), people(30))
    one, other = (draw(listed, seed_entry=7, entry_hash=lot(word)) for word in ("a", "b"))
    assert one.places != other.places


def test_that_where_nothing_binds_the_front_of_the_line_serves_and_that_is_proved() -> None:
    found = drawn(turns(5), people(30))
    assert found.proved
    assert found.measures == Measures(0, 0, 240 - 80, sum(range(1, 11)))
    front = {id for (id, number), place in found.line.order.items() if place <= 10}
    assert {who for _, who in found.places} == front


def test_that_who_has_served_less_than_their_share_comes_first() -> None:
    listed = [
        Candidate("often", 480, 4),
        Candidate("seldom", 0, 4),
        Candidate("new", 0, 1),
        Candidate("usual", 240, 4),
    ]
    line = Line(roll(turns(1), listed), seed_of(HASH, 1))
    assert line.shares == {"often": 369, "seldom": 369, "new": 92, "usual": 369}
    assert sorted(line.candidates, key=lambda id: line.order[id, 1]) == [
        "seldom",
        "usual",
        "new",
        "often",
    ]


def test_that_one_on_a_turn_has_the_skill_even_if_they_stand_last_in_the_line() -> None:
    listed = [Candidate("aid", 2000, 1, skills=("first-aid",)), *people(8)]
    found = drawn(turns(1, skill="first-aid"), listed)
    assert "aid" in {who for _, who in found.places}
    assert (found.measures.open_places, found.measures.unmet) == (0, 0)


def test_that_one_on_a_mixed_turn_has_served_before() -> None:
    listed = [Candidate("old hand", 2000, 1), *people(8)]
    assert "old hand" in {who for _, who in drawn(turns(1, mixed=True), listed).places}
    assert "old hand" not in {who for _, who in drawn(turns(1), listed).places}


def test_that_at_most_half_a_turn_comes_from_one_enterprise_if_others_can_serve() -> None:
    listed = [*people(9, enterprise="mill"), Candidate("smith", 2000, 1, enterprise="forge")]
    found = drawn(turns(1), listed)
    assert "smith" in {who for _, who in found.places}


@pytest.mark.parametrize(("apart", "open_places"), [(840, 0), (839, 2)])
def test_that_nobody_serves_two_turns_without_rest_and_the_short_turn_is_named(
    apart: int, open_places: int
) -> None:
    asked = turns(2, apart=apart)
    found = drawn(asked, people(2))
    assert too_close(*asked) is (open_places > 0)
    assert found.measures.open_places == open_places
    assert len(found.line.lacks(found.places)) == open_places // 2


def test_that_a_turn_of_a_region_is_served_by_its_people() -> None:
    listed = [*people(5, region="north"), *(Candidate(f"s{n}", 0, 1, "south") for n in range(2))]
    found = drawn(turns(1, region="south"), listed)
    assert {who for _, who in found.places} == {"s0", "s1"}


def test_that_a_draw_without_anybody_says_which_turns_are_short() -> None:
    found = drawn(turns(2, people=3), [])
    assert found.places == ()
    assert found.line.lacks(found.places) == {"t0": {"places": 3}, "t1": {"places": 3}}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"places": (("t0", "p0"), ("t0", "p0"))}, "somebody is drawn twice for one turn"),
        ({"places": (("t0", "p99"),)}, "p99 cannot be drawn for t0"),
        ({"places": (("t0", "p0"), ("t0", "p1"), ("t0", "p2"))}, "t0 has too many people"),
        ({"places": (("t0", "p0"), ("t1", "p0"))}, "p0 has no rest"),
        ({"places": ()}, "the measures are not those of the places"),
        ({"entry_hash": lot("another")}, "the measures are not those of the places"),
        ({"away": frozenset(f"p{n}" for n in range(12))}, "cannot be drawn for"),
    ],
)
def test_that_a_false_rota_is_found_out(change: dict[str, object], said: str) -> None:
    found = drawn(turns(2, apart=300), people(12))
    false = replace(found, **change)  # type: ignore[arg-type]
    assert any(said in english for english, _ in faults(false))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"roll": {}}'])
def test_that_what_is_no_rota_is_called_so(text: str) -> None:
    with pytest.raises(ValueError):
        Drawn.read(text)


@pytest.mark.parametrize(
    ("starts", "minutes", "fits"),
    [
        (16 * 60, 240, True),  # straight after work: twelve hours together
        (16 * 60, 241, False),
        (17 * 60, 180, True),
        (17 * 60, 240, False),  # too late for one spell of work, too early for a rest
        (18 * 60, 240, False),
        (27 * 60, 240, True),  # eleven hours after work
        (4 * 60, 240, True),  # straight before work
        (4 * 60 - 1, 240, False),
        (15 * 60, 240, False),  # overlaps
        (8 * 60, 480, False),
        (7 * 24 * 60 - 7 * 60, 240, True),  # ends eleven hours before next week's shift
        (7 * 24 * 60 - 6 * 60, 240, False),
    ],
)
def test_that_a_turn_leaves_rest_beside_a_shift_from_eight_to_sixteen(
    starts: int, minutes: int, fits: bool
) -> None:
    turn = Turn("t", "guard", starts, starts + minutes, 660, 2)
    assert leaves_rest(turn, 8 * 60, 480) is fits


def test_that_nobody_is_drawn_for_a_turn_that_leaves_no_rest_from_their_work() -> None:
    (night,) = turns(1)
    awake = Candidate("awake", 0, 1, shifts=((night.starts + 3 * 1440, 480),))
    tired = Candidate("tired", 0, 1, shifts=((night.ends + 60, 480),))
    found = drawn([night], [awake, tired])
    assert found.places == (("t0", "awake"),)
    forged = replace(found, places=(("t0", "tired"),), measures=found.measures)
    assert faults(forged) == [
        (
            "t0 is not open to tired, or leaves no rest from work",
            "t0不对tired开放，或与其上班之间休息不足",
        )
    ]
    assert faults(Drawn.read(found.text())) == []


def test_that_a_list_without_shifts_reads_and_hashes_as_it_did() -> None:
    text = roll(turns(1), people(2)).text()
    assert "shifts" not in text
    assert Roll.read(text).text() == text

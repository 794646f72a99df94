"""A rota from its announcement to the last turn served, by the actions."""

import json
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.platform.conftest import Crowd

from xietong.platform.base import Rejected
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.labour import actions, draw, solve
from xietong.platform.labour.actions import SkillDraft
from xietong.platform.labour.models import (
    REST,
    Candidate,
    Exchange,
    Exemption,
    Part,
    Place,
    Rota,
    Service,
)
from xietong.platform.labour.rules.rota import Refusal
from xietong.platform.people import actions as people
from xietong.platform.people.models import Duty, Ground, Need, Person
from xietong.platform.record import actions as record
from xietong.platform.record.models import Entry

from .conftest import Team

DAY = 24 * 60


def refusal_of(call: Callable[[], object]) -> Refusal:
    with pytest.raises(Rejected) as refused:
        call()
    assert isinstance(refused.value.reason, Refusal)
    return refused.value.reason


def services(people_a_turn: int = 2) -> None:
    actions.add_service(
        "guard",
        name_en="Guard",
        name_zh="守卫",
        scope=Service.Scope.WHOLE,
        starts=[0, 3 * DAY],
        minutes=240,
        people=people_a_turn,
        rest=DAY,
    )


def entries(number: int = 3) -> None:
    for _ in range(number):
        record.submit("test", {})
    record.sequence()


def held() -> list[tuple[int, int, str]]:
    found = Place.objects.filter(until=None).order_by("turn__starts", "number")
    return list(found.values_list("turn__starts", "number", "person__name"))


def covered() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def planned(team: Team) -> Team:
    """Ana plans and enrols, Bruno enrols; round 1 runs and its rota of one week is drawn."""
    people.give_duty(team.ana, Duty.Kind.PLANNING)
    people.give_duty(team.ana, Duty.Kind.ENROLMENT)
    people.give_duty(team.bruno, Duty.Kind.ENROLMENT)
    services()
    actions.announce_rota(team.ana, round_number=1, weeks=1)
    entries()
    actions.draw_rota(team.guest, round_number=1)
    return team


def place_of(turn: int, number: int = 1) -> Place:
    return Place.objects.select_related("person", "turn").get(
        turn__starts=turn, number=number, until=None
    )


def strangers(turn: int) -> list[Person]:
    """Those who serve in none of the rota's turns."""
    return list(Person.objects.exclude(places__until=None, places__isnull=False).order_by("name"))


def test_that_a_rota_is_announced_with_its_list_and_its_hash(team: Team) -> None:
    people.give_duty(team.ana, Duty.Kind.PLANNING)
    services()
    old = people.enrol(username="old", name="Old", password=None, ground=Ground.PENSION)
    rota = actions.announce_rota(team.ana, round_number=1, weeks=2)
    assert rota.turns.count() == 4
    assert set(Candidate.objects.values_list("person__name", flat=True)) == {
        "Ana",
        "Bruno",
        "Carla",
        "Smith",
        "Guest",
    }
    assert str(old.id) not in rota.roll
    assert json.loads(rota.announcement.body) == {
        "round": 1,
        "name": "Ana",
        "turns": 4,
        "places": 8,
        "candidates": 5,
        "wait": 3,
        "roll_sha256": draw.lot(rota.roll),
    }


def test_that_only_who_plans_announces_and_only_once(team: Team) -> None:
    def announce() -> object:
        return actions.announce_rota(team.ana, round_number=1)

    assert refusal_of(announce) is Refusal.NOT_ON_DUTY
    people.give_duty(team.ana, Duty.Kind.PLANNING)
    assert refusal_of(announce) is Refusal.NO_SERVICE
    services()
    announce()
    assert refusal_of(announce) is Refusal.ANNOUNCED


def test_that_nobody_can_draw_before_the_announced_entry_is_on_record(team: Team) -> None:
    people.give_duty(team.ana, Duty.Kind.PLANNING)
    services()

    def begin() -> object:
        return actions.draw_rota(team.guest, round_number=1)

    assert refusal_of(begin) is Refusal.NOT_ANNOUNCED
    actions.announce_rota(team.ana, round_number=1)
    assert refusal_of(begin) is Refusal.NO_SEED_YET
    entries(2)
    assert refusal_of(begin) is Refusal.NO_SEED_YET
    entries(1)
    announced = Entry.objects.get(kind="rota-announced").number
    begin()
    assert Rota.objects.get().seed_entry_id == announced + 3


def test_that_a_drawn_rota_stays_and_can_be_drawn_again_from_its_file(planned: Team) -> None:
    rota = Rota.objects.get()
    drawn = draw.Drawn.read(rota.drawn or "")
    assert draw.faults(drawn) == []
    assert drawn.entry_hash == Entry.objects.get(number=drawn.seed_entry).hash
    names = dict(Candidate.objects.values_list("pseudonym", "person__name"))
    assert sorted((int(turn.split(":")[2]), names[who]) for turn, who in drawn.places) == sorted(
        (turn, who) for turn, _, who in held()
    )
    before = held()
    entries()
    assert actions.draw_rota(planned.ana, round_number=1).drawn == rota.drawn
    assert held() == before
    body = json.loads(Entry.objects.get(kind="rota-drawn").body)
    assert (body["seed"], body["rota_sha256"]) == (drawn.line.seed, draw.lot(rota.drawn or ""))


def test_that_who_left_or_was_excused_since_the_announcement_is_not_drawn(team: Team) -> None:
    people.give_duty(team.ana, Duty.Kind.PLANNING)
    people.give_duty(team.ana, Duty.Kind.ENROLMENT)
    services()
    actions.announce_rota(team.ana, round_number=1, weeks=1)
    recognise(team.ana, team.guest, Ground.ILLNESS)
    excuse(team.ana, team.smith)
    entries()
    actions.draw_rota(team.ana, round_number=1)
    assert {name for *_, name in held()} <= {"Ana", "Bruno", "Carla"}
    assert len(held()) == 4


def recognise(by: Person, person: Person, ground: Ground) -> None:
    """From now on the person lives by a need."""
    people.give_duty(by, Duty.Kind.ALLOWANCES)
    claim = people.claim_need(person, ground=ground, from_round=1, why="So it is")
    people.answer_claim(by, person=person.pk, claim=claim.id, grant=True)


def excuse(by: Person, person: Person) -> Exemption:
    asked = actions.ask_exemption(
        person, kind=Exemption.Kind.HEALTH, reason="a bad knee", first_round=1, last_round=2
    )
    actions.decide_exemption(by, exemption=asked.id, granted=True)
    return asked


def test_that_an_offered_turn_goes_to_who_takes_it_and_stays_covered(planned: Team) -> None:
    mine = place_of(0)
    taker = strangers(0)[0]

    def take() -> object:
        return actions.take_turn(taker, place=mine.id)

    assert refusal_of(take) is Refusal.NOT_OFFERED
    assert refusal_of(lambda: actions.offer_turn(taker, place=mine.id)) is Refusal.NOT_YOUR_TURN
    actions.offer_turn(mine.person, place=mine.id)
    take()
    assert place_of(0).follows == mine.id
    covered()
    assert (0, 1, taker.name) in held()
    assert len(held()) == 4
    assert refusal_of(take) is Refusal.NOT_OFFERED


def test_that_an_offer_can_be_withdrawn(planned: Team) -> None:
    mine = place_of(0)
    actions.offer_turn(mine.person, place=mine.id)
    actions.withdraw_offer(mine.person, place=mine.id)
    assert (
        refusal_of(lambda: actions.take_turn(strangers(0)[0], place=mine.id)) is Refusal.NOT_OFFERED
    )


def test_that_two_exchange_their_turns_when_both_agree(planned: Team) -> None:
    first, second = place_of(0), place_of(3 * DAY)
    if first.person == second.person or (3 * DAY, 2, first.person.name) in held():
        second = place_of(3 * DAY, 2)
    proposed = actions.propose_exchange(first.person, given=first.id, wanted=second.id)

    def agree(who: Person) -> object:
        return actions.agree_exchange(who, exchange=proposed.id)

    assert refusal_of(lambda: agree(first.person)) is Refusal.NO_SUCH_EXCHANGE
    agree(second.person)
    covered()
    assert (0, 1, second.person.name) in held()
    assert (3 * DAY, second.number, first.person.name) in held()
    assert refusal_of(lambda: agree(second.person)) is Refusal.NO_SUCH_EXCHANGE


def test_that_a_declined_exchange_moves_nothing(planned: Team) -> None:
    before = held()
    first, second = place_of(0), place_of(3 * DAY)
    if first.person == second.person:
        second = place_of(3 * DAY, 2)
    proposed = actions.propose_exchange(first.person, given=first.id, wanted=second.id)
    actions.decline_exchange(second.person, exchange=proposed.id)
    assert held() == before
    assert Exchange.objects.get().agreed is False


def test_that_a_turn_is_confirmed_by_another_who_served_on_it(planned: Team) -> None:
    first, second = place_of(0), place_of(0, 2)
    stranger = strangers(0)[0]
    for who in (first.person, stranger):
        assert (
            refusal_of(lambda who=who: actions.confirm_turn(who, place=first.id))  # type: ignore[misc]
            is Refusal.NOT_THERE
        )
    actions.confirm_turn(second.person, place=first.id)
    actions.confirm_turn(second.person, place=first.id)
    first.refresh_from_db()
    assert first.confirmed_by == second.person
    assert (
        refusal_of(lambda: actions.offer_turn(first.person, place=first.id))
        is Refusal.NOT_YOUR_TURN
    )


def test_that_a_turn_is_not_confirmed_when_its_round_is_over(planned: Team) -> None:
    enterprises.close_dispatch(1)

    def confirm() -> object:
        return actions.confirm_turn(place_of(0, 2).person, place=place_of(0).id)

    assert refusal_of(confirm) is Refusal.ROUND_OVER


def test_that_a_turn_of_an_excused_person_goes_to_the_next_in_the_line(planned: Team) -> None:
    mine = place_of(0)
    if mine.person == planned.ana:
        mine = place_of(0, 2)
    excuse(planned.ana, mine.person)
    assert mine.person.name not in {name for *_, name in held()}
    assert len(held()) == 4
    mine.refresh_from_db()
    assert mine.ended == "excused"
    assert Exemption.objects.get().reason == ""


def test_that_whoever_can_serve_comes_forward_for_an_open_place(team: Team) -> None:
    people.give_duty(team.ana, Duty.Kind.PLANNING)
    services(people_a_turn=3)
    for person in (team.carla, team.smith, team.guest):
        recognise(team.ana, person, Ground.CARE)
    actions.announce_rota(team.ana, round_number=1, weeks=1)
    entries()
    actions.draw_rota(team.ana, round_number=1)
    assert len(held()) == 4
    turn = place_of(0).turn
    assert refusal_of(lambda: actions.volunteer(team.ana, turn=turn.code)) in {
        Refusal.ON_IT,
        Refusal.NO_REST,
    }
    assert refusal_of(lambda: actions.volunteer(team.carla, turn=turn.code)) is Refusal.CANNOT_SERVE
    for person in (team.carla, team.smith):
        need = Need.objects.get(person=person)
        people.end_need(person, person=person.pk, event=need.last)
    assert actions.volunteer(team.carla, turn=turn.code).number == 3
    assert refusal_of(lambda: actions.volunteer(team.smith, turn=turn.code)) is Refusal.NO_PLACE


def test_that_nobody_decides_their_own_exemption_nor_an_appeal_against_themselves(
    planned: Team,
) -> None:
    def ask(appeals: UUID | None = None) -> Exemption:
        return actions.ask_exemption(
            planned.ana,
            kind=Exemption.Kind.CONSCIENCE,
            reason="I carry no arms",
            first_round=2,
            last_round=3,
            appeals=appeals,
        )

    def decide(by: Person, asked: Exemption, granted: bool) -> None:
        actions.decide_exemption(by, exemption=asked.id, granted=granted)

    asked = ask()
    assert refusal_of(lambda: decide(planned.ana, asked, True)) is Refusal.NOT_TO_DECIDE
    assert refusal_of(lambda: decide(planned.carla, asked, True)) is Refusal.NOT_TO_DECIDE
    assert refusal_of(lambda: ask(asked.id)) is Refusal.NO_APPEAL
    decide(planned.bruno, asked, False)
    appeal = ask(asked.id)
    assert refusal_of(lambda: decide(planned.bruno, appeal, True)) is Refusal.NOT_TO_DECIDE
    people.give_duty(planned.carla, Duty.Kind.ENROLMENT)
    decide(planned.carla, appeal, True)
    assert list(Exemption.objects.order_by("id").values_list("granted", flat=True)) == [False, True]
    assert refusal_of(lambda: decide(planned.carla, appeal, False)) is Refusal.NOT_TO_DECIDE


@pytest.mark.parametrize("starts", [[], [-1], [7 * DAY], [5, 5]])
def test_that_a_service_begins_within_a_week(db: None, starts: list[int]) -> None:
    def define() -> object:
        return actions.add_service(
            "guard",
            name_en="",
            name_zh="",
            scope=Service.Scope.WHOLE,
            starts=starts,
            minutes=60,
            people=2,
            rest=0,
        )

    assert refusal_of(define) is Refusal.NOT_A_SERVICE


def test_that_of_eight_who_take_one_turn_at_once_one_has_it(
    transactional_db: None, eight_at_once: Crowd
) -> None:
    crowd = Person.objects.bulk_create(Person(username=f"p{n}", name=f"p{n}") for n in range(10))
    people.give_duty(crowd[0], Duty.Kind.PLANNING)
    services()
    actions.announce_rota(crowd[0], round_number=1, weeks=1)
    entries()
    actions.draw_rota(crowd[0], round_number=1)
    place = place_of(0)
    actions.offer_turn(place.person, place=place.id)
    free = [person for person in crowd if person != place.person and not person.places.exists()]
    others = [person for person in crowd if person not in free and person != place.person]
    answers = eight_at_once(lambda n: actions.take_turn([*free, *others][n], place=place.id).number)
    assert answers.count(1) == 1
    assert len(held()) == 4


def announced(team: Team) -> None:
    people.give_duty(team.ana, Duty.Kind.PLANNING)
    services()
    actions.announce_rota(team.ana, round_number=1, weeks=1)


def work_off_jobs() -> None:
    """What the worker does with the draws that are asked for."""
    for job in ProcrastinateJob.objects.filter(task_name="labour.draw", status="todo"):
        actions.draw_asked(**job.args)


def test_that_a_draw_is_asked_for_and_done_by_the_worker(team: Team) -> None:
    announced(team)
    assert refusal_of(lambda: actions.ask_draw(team.guest, round_number=1)) is Refusal.NO_SEED_YET
    assert refusal_of(lambda: actions.ask_draw(team.guest, round_number=2)) is Refusal.NOT_ANNOUNCED
    entries()
    rota = actions.ask_draw(team.guest, round_number=1)
    assert (rota.is_being_drawn, rota.drawn) == (True, None)
    actions.ask_draw(team.bruno, round_number=1)
    jobs = ProcrastinateJob.objects.filter(task_name="labour.draw")
    assert list(jobs.values_list("args", flat=True)) == [{"round_number": 1}]
    work_off_jobs()
    rota.refresh_from_db()
    assert not rota.is_being_drawn
    assert draw.faults(draw.Drawn.read(rota.drawn or "")) == []
    seed = Entry.objects.get(kind="rota-announced").number + 3
    assert (rota.seed_entry_id, len(held())) == (seed, 4)
    again = actions.ask_draw(team.guest, round_number=1)
    assert (again.drawn, jobs.count()) == (rota.drawn, 1)


def test_that_the_worker_draws_as_the_lot_alone_would_have(team: Team) -> None:
    announced(team)
    entries()
    rota = actions.ask_draw(team.guest, round_number=1)
    drawn = actions.draw_asked(1).drawn or ""
    seed = Entry.objects.get(number=draw.Drawn.read(drawn).seed_entry)
    alone = solve.draw(draw.Roll.read(rota.roll), seed_entry=seed.number, entry_hash=seed.hash)
    assert alone.text() == drawn


def test_that_a_draw_that_fails_says_why_and_can_be_asked_for_again(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced(team)
    entries()
    actions.ask_draw(team.guest, round_number=1)
    with monkeypatch.context() as broken, pytest.raises(ArithmeticError):
        broken.setattr(solve, "draw", breaks)
        actions.draw_asked(1)
    rota = Rota.objects.get()
    assert (rota.trouble, rota.is_being_drawn, held()) == ("broke_off", False, [])
    actions.ask_draw(team.guest, round_number=1)
    actions.draw_asked(1)
    rota.refresh_from_db()
    assert (rota.trouble, len(held())) == ("", 4)


def breaks(*_: object, **__: object) -> None:
    raise ArithmeticError("no draw")


def test_that_a_rota_asks_for_a_skill_that_others_have_confirmed(team: Team) -> None:
    people.give_duty(team.ana, Duty.Kind.PLANNING)
    services()
    actions.add_skills([SkillDraft(code="first-aid", name_en="First aid", name_zh="急救")])
    for person in (team.carla, team.bruno):
        actions.state_skill(person, skill="first-aid")
    actions.confirm_skill(team.ana, person=team.carla.pk, skill="first-aid")
    rota = actions.announce_rota(team.ana, round_number=1, weeks=1, skills={"guard": "first-aid"})
    assert set(rota.turns.values_list("skill", flat=True)) == {"first-aid"}
    names = dict(Candidate.objects.values_list("pseudonym", "person__name"))
    skilled = {names[each.id] for each in draw.Roll.read(rota.roll).candidates if each.skills}
    assert skilled == {"Carla"}
    entries()
    drawn = draw.Drawn.read(actions.draw_rota(team.guest, round_number=1).drawn or "")
    assert (drawn.measures.open_places, drawn.measures.unmet) == (0, 0)
    assert [who for *_, who in held()].count("Carla") == 2
    # Of the service itself nothing was changed.
    assert Service.objects.get().skill is None


def test_that_a_rota_is_served_in_the_chosen_part_of_the_day(team: Team) -> None:
    people.give_duty(team.ana, Duty.Kind.PLANNING)
    actions.add_service(
        "guard",
        name_en="Guard",
        name_zh="守卫",
        scope=Service.Scope.WHOLE,
        starts=[60, 6 * 60, 14 * 60, 22 * 60],
        minutes=240,
        people=2,
        rest=0,
    )

    def announce(**asked: object) -> Rota:
        return actions.announce_rota(team.ana, round_number=1, weeks=1, **asked)  # type: ignore[arg-type]

    assert refusal_of(lambda: announce(parts={"guard": []})) is Refusal.NO_TURNS
    assert refusal_of(lambda: announce(parts={"watch": ["late"]})) is Refusal.NO_SUCH_SERVICE
    assert refusal_of(lambda: announce(skills={"guard": "magic"})) is Refusal.NO_SUCH_SKILL
    rota = announce(parts={"guard": ["late", "night"]})
    assert [(turn.starts // 60, turn.part, turn.rest) for turn in rota.turns.all()] == [
        (1, Part.NIGHT, REST),
        (14, Part.LATE, REST),
        (22, Part.NIGHT, REST),
    ]


def test_that_the_list_holds_the_shifts_people_work_and_none_is_drawn_without_rest(
    team: Team,
) -> None:
    people.give_duty(team.ana, Duty.Kind.PLANNING)
    services()
    shift = actions.plan_shift(team.ana, weekday=1, starts=5 * 60, minutes=480, places=3)
    for person in (team.ana, team.bruno, team.carla):
        actions.take_shift(person, shift=shift.id)
    rota = actions.announce_rota(team.ana, round_number=1, weeks=1)
    names = dict(Candidate.objects.values_list("pseudonym", "person__name"))
    listed = {names[each.id]: each.shifts for each in draw.Roll.read(rota.roll).candidates}
    assert (listed["Bruno"], listed["Guest"]) == (((300, 480),), ())
    entries()
    actions.draw_rota(team.guest, round_number=1)
    assert {who for starts, _, who in held() if starts == 0} == {"Guest", "Smith"}
    assert len(held()) == 4

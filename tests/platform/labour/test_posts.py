"""Work that the plan leaves open, who is offered it, and what the database itself refuses."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from xietong.platform.base import Rejected, constraint_of
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.enterprises.models import Membership
from xietong.platform.labour import actions, wording
from xietong.platform.labour.models import (
    Application,
    Assignment,
    Matching,
    Offer,
    Post,
    WorkRecord,
)
from xietong.platform.labour.rules import PostRefusal, Refusal
from xietong.platform.labour.rules.posts import by_skill
from xietong.platform.people.models import Person
from xietong.platform.products import actions as products
from xietong.platform.products.models import Region

from ..conftest import Crowd
from .conftest import Team, send

FULL = 2400


def refusal_of(call: Callable[[], object]) -> object:
    with pytest.raises(Rejected) as refused:
        call()
    return refused.value.reason


def broken_law(sql: str, *values: UUID | int | bool) -> str:
    """The name of the law that the database upholds against this statement."""
    with (
        pytest.raises(DatabaseError) as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    if isinstance(refused.value, IntegrityError):
        return constraint_of(refused.value)
    return str(refused.value).splitlines()[0]


def open_work() -> dict[tuple[str, str | None, str], int]:
    found = Post.objects.filter(capacity__gt=0)
    return {(post.enterprise_id, post.skill_id, post.kind): post.capacity for post in found}


def post_of(enterprise: str, kind: str = "ordinary", skill: str | None = None) -> Post:
    return Post.objects.get(enterprise=enterprise, kind=kind, skill=skill)


def skills() -> None:
    actions.add_skills(
        actions.SkillDraft(code=code, name_en=code, name_zh=code) for code in ("turner", "welder")
    )


def give(person: Person, enterprise: str = "workshop", minutes: int = FULL) -> Assignment:
    """The person applies for the enterprise's ordinary work and takes what is offered."""
    actions.apply(person, choices=[post_of(enterprise).id], minutes=minutes)
    actions.match_applications()
    return actions.accept_offer(person, offer=person.offers.get(answer="open").id)


def places() -> dict[str, str]:
    found = Membership.objects.filter(until=None)
    return dict(found.values_list("person__name", "enterprise_id"))


# Openings


def test_that_minutes_divided_by_skill_are_whole_and_complete() -> None:
    third = Decimal("0.3333")
    shares: dict[str | None, Decimal] = {"a": third, "b": third, "c": Decimal("0.3334")}
    assert by_skill(100, shares) == {"a": 33, "b": 33, "c": 34}


def test_that_what_the_plan_needs_beyond_its_members_is_open(busy: Team) -> None:
    assert open_work() == {("workshop", None, "ordinary"): 2 * FULL}


def test_that_open_work_is_divided_by_the_enterprises_skills(busy: Team) -> None:
    skills()
    actions.set_skill_mix(busy.ana, shares={"turner": Decimal("0.25"), "welder": Decimal("0.75")})
    actions.open_posts(2, days=35)
    assert open_work() == {
        ("workshop", "turner", "ordinary"): FULL // 2,
        ("workshop", "welder", "ordinary"): FULL * 3 // 2,
    }


def test_that_work_closes_when_the_plan_needs_less_and_nobody_is_dismissed(busy: Team) -> None:
    give(busy.guest)
    enterprises.close_dispatch(2)
    send(3, workshop=1)
    assert open_work() == {}
    assert places()["Guest"] == "workshop"
    assert Assignment.objects.get(person=busy.guest).until is None


def test_that_opening_again_changes_nothing(busy: Team) -> None:
    give(busy.guest)
    before = open_work()
    actions.open_posts(2, days=35)
    assert open_work() == before == {("workshop", None, "ordinary"): 2 * FULL}


# Applications and offers


def test_that_who_applies_is_offered_work_and_takes_it(busy: Team) -> None:
    post = post_of("workshop")
    actions.apply(busy.guest, choices=[post.id], minutes=1800)
    matching = actions.match_applications()
    assert matching is not None
    offer = Offer.objects.get()
    assert (offer.person, offer.post, offer.minutes, offer.choice) == (busy.guest, post, 1800, 1)
    held = actions.accept_offer(busy.guest, offer=offer.id)
    assert (held.post, held.minutes, held.until) == (post, 1800, None)
    assert places()["Guest"] == "workshop"
    assert not Application.objects.exists()
    assert actions.match_applications() is None


def test_that_a_declined_offer_leaves_the_person_waiting_for_the_next(busy: Team) -> None:
    actions.apply(busy.guest, choices=[], minutes=FULL)
    actions.match_applications()
    first = Offer.objects.get()
    assert actions.match_applications() is None
    actions.decline_offer(busy.guest, offer=first.id)
    late = partial(actions.accept_offer, busy.guest, offer=first.id)
    assert refusal_of(late) is PostRefusal.NO_OPEN_OFFER
    actions.match_applications()
    assert Offer.objects.filter(answer="open").count() == 1
    assert "Guest" not in places()


def test_that_an_unanswered_offer_lapses_with_its_round(busy: Team) -> None:
    actions.apply(busy.guest, choices=[], minutes=FULL)
    actions.match_applications()
    enterprises.close_dispatch(2)
    send(3, workshop=5)
    assert set(Offer.objects.values_list("answer", flat=True)) == {"lapsed"}
    assert Application.objects.exists()


def test_that_a_place_offered_to_one_is_not_offered_to_another(busy: Team) -> None:
    for person in (busy.guest, busy.smith):
        actions.apply(person, choices=[], minutes=FULL)
        actions.match_applications()
    assert set(Offer.objects.values_list("minutes", "shares")) == {(FULL, False)}
    hana = Person.objects.create(username="hana", name="Hana")
    actions.apply(hana, choices=[], minutes=FULL)
    actions.match_applications()
    offer = Offer.objects.get(person=hana)
    # Five full weeks among three members, two who were offered a place, and her.
    assert (offer.post, offer.minutes, offer.shares) == (post_of("workshop"), 2000, True)
    assert actions.accept_offer(hana, offer=offer.id).shares


def test_that_who_takes_work_elsewhere_leaves_the_old_place(busy: Team) -> None:
    give(busy.smith)
    assert places()["Smith"] == "workshop"
    assert Membership.objects.filter(person=busy.smith).count() == 2


def test_that_work_beside_other_work_goes_on_up_to_forty_hours(busy: Team) -> None:
    first = give(busy.guest, minutes=600)
    skills()
    actions.set_skill_mix(busy.ana, shares={"turner": Decimal(1)})
    actions.open_posts(2, days=35)
    turning = post_of("workshop", skill="turner")
    for minutes, kept in ((1800, True), (FULL, False)):
        actions.apply(busy.guest, choices=[turning.id], minutes=minutes)
        actions.match_applications()
        actions.accept_offer(busy.guest, offer=busy.guest.offers.get(answer="open").id)
        assert (Assignment.objects.get(id=first.id).until is None) is kept
    assert Assignment.objects.get(person=busy.guest, until=None).minutes == FULL


@pytest.mark.parametrize(
    ("choices", "minutes", "reason"),
    [
        (1, 239, PostRefusal.MINUTES),
        (1, 3601, PostRefusal.MINUTES),
        (2, FULL, PostRefusal.CHOICES),
        (0, FULL, PostRefusal.NO_SUCH_POST),
    ],
)
def test_that_impossible_wishes_are_refused(
    busy: Team, choices: int, minutes: int, reason: PostRefusal
) -> None:
    posts = [post_of("workshop").id] * choices or [uuid4()]
    wish = partial(actions.apply, busy.guest, choices=posts, minutes=minutes)
    assert refusal_of(wish) is reason
    assert not Application.objects.exists()


def test_that_wishes_are_replaced_and_the_wait_goes_on(busy: Team) -> None:
    actions.apply(busy.guest, choices=[post_of("workshop").id], minutes=FULL)
    Application.objects.update(since="2026-01-01T00:00Z")
    actions.apply(busy.guest, choices=[], minutes=1200, learns=True)
    found = Application.objects.get()
    assert (found.since.year, found.minutes, found.learns) == (2026, 1200, True)
    assert found.since.month == 1
    assert not busy.guest.choices.exists()
    actions.withdraw_application(busy.guest)
    assert actions.match_applications() is None


# Shared, in turn, notice


def test_that_a_place_is_shared_by_two(busy: Team) -> None:
    shared = actions.arrange_post(
        busy.ana, post=post_of("workshop").id, kind="shared", holders=2, places=1
    )
    assert open_work() == {
        ("workshop", None, "ordinary"): FULL,
        ("workshop", None, "shared"): FULL,
    }
    for person in (busy.guest, busy.smith):
        actions.apply(person, choices=[shared.id], minutes=FULL)
    actions.match_applications()
    assert set(shared.offers.values_list("minutes", flat=True)) == {FULL // 2}


def test_that_a_place_is_taken_in_turn_round_by_round(busy: Team) -> None:
    turns = actions.arrange_post(
        busy.ana, post=post_of("workshop").id, kind="rotating", holders=2, places=1
    )
    for person in (busy.guest, busy.smith):
        actions.apply(person, choices=[turns.id], minutes=FULL)
    actions.match_applications()
    for offer in turns.offers.all():
        actions.accept_offer(offer.person, offer=offer.id)
    held = Assignment.objects.filter(post=turns)
    assert set(held.values_list("minutes", "turns", "turn")) == {(FULL, 2, 0), (FULL, 2, 1)}
    resting = held.get(turn=1).person
    log = partial(actions.log_hours, resting, person=resting, week=1, minutes=60)
    assert refusal_of(log) is Refusal.BEYOND_ASSIGNMENT
    working = held.get(turn=0).person
    actions.log_hours(working, person=working, week=1, minutes=FULL)


def test_that_only_free_whole_places_are_arranged_and_only_by_members(busy: Team) -> None:
    post = post_of("workshop").id
    arrange = partial(actions.arrange_post, post=post, kind="shared")
    for by, holders, count, reason in (
        (busy.guest, 2, 1, PostRefusal.NOT_A_TEAM_MATE),
        (busy.ana, 1, 1, PostRefusal.HOLDERS),
        (busy.ana, 7, 1, PostRefusal.HOLDERS),
        (busy.ana, 2, 0, PostRefusal.NO_PLACES),
        (busy.ana, 2, 3, PostRefusal.NO_PLACES),
    ):
        assert refusal_of(partial(arrange, by, holders=holders, places=count)) is reason
    assert open_work() == {("workshop", None, "ordinary"): 2 * FULL}


def test_that_work_ends_a_week_after_notice_and_the_place_with_the_next_round(busy: Team) -> None:
    held = give(busy.guest)
    actions.give_notice(busy.guest, assignment=held.id)
    again = partial(actions.give_notice, busy.guest, assignment=held.id)
    assert refusal_of(again) is PostRefusal.NO_ASSIGNMENT
    actions.open_posts(2, days=35)
    assert places()["Guest"] == "workshop"
    Assignment.objects.update(until="2026-01-01T00:00Z")
    Membership.objects.filter(person=busy.guest).update(since="2025-01-01T00:00Z")
    actions.open_posts(2, days=35)
    assert "Guest" not in places()
    assert places()["Ana"] == "workshop"


def test_that_posts_end_with_the_place(busy: Team) -> None:
    give(busy.guest)
    enterprises.leave(busy.guest)
    assert not Assignment.objects.filter(until=None).exists()


# Laws


def test_that_hours_lie_within_the_assignment_and_a_quarter_more(busy: Team) -> None:
    give(busy.guest, minutes=1200)
    log = partial(actions.log_hours, busy.ana, week=1)
    log(person=busy.guest, minutes=1500)
    assert refusal_of(partial(log, person=busy.guest, minutes=1501)) is Refusal.BEYOND_ASSIGNMENT
    log(person=busy.bruno, minutes=3000)
    assert refusal_of(partial(log, person=busy.bruno, minutes=3001)) is Refusal.BEYOND_ASSIGNMENT
    more = broken_law("UPDATE labour_workrecord SET minutes = 3001")
    assert more == "labour_workrecord_within_assignment"
    assert set(WorkRecord.objects.values_list("minutes", flat=True)) == {1500, 3000}


ASSIGN = """
    INSERT INTO labour_assignment (id, person_id, post_id, minutes, turns, turn, shares)
    VALUES (gen_random_uuid(), %s, %s, %s, 1, 0, %s)
"""


def test_that_no_post_is_given_beyond_its_places_but_by_the_rule(busy: Team) -> None:
    post = post_of("workshop").id
    Assignment.objects.create(person=busy.ana, post_id=post, minutes=FULL)
    Assignment.objects.create(person=busy.bruno, post_id=post, minutes=FULL - 60)
    assert broken_law(ASSIGN, busy.carla.id, post, 61, False) == "labour_assignment_places"
    by_rule = broken_law(ASSIGN, busy.carla.id, post, 61, True)
    assert by_rule == "labour_assignment_shared_by_rule"
    Assignment.objects.create(person=busy.carla, post_id=post, minutes=60)


def test_that_nobody_has_more_than_a_legal_week_or_a_post_twice(busy: Team) -> None:
    Post.objects.update(capacity=9000)
    other = Post.objects.create(enterprise=busy.workshop, kind="rotating", holders=2, capacity=9000)
    post = post_of("workshop").id
    Assignment.objects.create(person=busy.ana, post_id=post, minutes=FULL)
    # In even rounds 20 hours more, and in odd rounds none.
    Assignment.objects.create(person=busy.ana, post=other, minutes=1200, turns=2, turn=0)
    third = Post.objects.create(enterprise=busy.workshop, kind="shared", holders=2, capacity=9000)
    assert broken_law(ASSIGN, busy.ana.id, third.id, 1, False) == "labour_assignment_week"
    Assignment.objects.create(person=busy.ana, post=third, minutes=1200, turns=2, turn=1)
    assert broken_law(ASSIGN, busy.ana.id, post, 1, False) in (
        "labour_assignment_week",
        "labour_assignment_once",
    )
    assert broken_law(ASSIGN, busy.guest.id, post, 60, False) == "labour_assignment_of_member"


def test_that_an_assignment_changes_only_by_ending_once(busy: Team) -> None:
    give(busy.guest)
    law = "labour_assignment_ends_once"
    assert broken_law("UPDATE labour_assignment SET minutes = 60") == law
    assert "Cannot delete" in broken_law("DELETE FROM labour_assignment")
    Assignment.objects.update(until="2026-01-01T00:00Z")
    assert broken_law("UPDATE labour_assignment SET until = NULL") == law
    assert broken_law("UPDATE labour_assignment SET until = '2025-12-01'") == law


def test_that_an_answered_offer_and_a_matching_are_final(busy: Team) -> None:
    give(busy.guest)
    assert "Cannot update" in broken_law("UPDATE labour_offer SET answer = 'declined'")
    assert "Cannot update" in broken_law("UPDATE labour_matching SET seed = ''")
    assert Matching.objects.count() == 1


def test_that_members_are_assigned_without_more_or_less_work_open(busy: Team) -> None:
    post = post_of("workshop").id
    team = (busy.ana, busy.bruno, busy.carla)
    actions.assign_many(actions.Assigned(person, post, FULL) for person in team)
    assert open_work() == {("workshop", None, "ordinary"): 5 * FULL}
    actions.open_posts(2, days=35)
    assert open_work() == {("workshop", None, "ordinary"): 5 * FULL}
    actions.apply(busy.guest, choices=[], minutes=FULL)
    actions.match_applications()
    assert Offer.objects.get().shares is False


@pytest.mark.django_db(transaction=True)
def test_that_the_last_place_is_taken_once_when_eight_take_it_at_once(
    busy: Team, eight_at_once: Crowd
) -> None:
    post = post_of("workshop")
    crowd = Person.objects.bulk_create(
        Person(username=f"p{number}", name=f"P{number}") for number in range(8)
    )
    matching = Matching.objects.create(dispatch_id=2, seed="", hands=8)
    offers = [
        Offer.objects.create(
            person=person,
            matching=matching,
            post=post,
            minutes=FULL,
            shares=False,
            fitness="needless",
            lost=[],
        ).id
        for person in crowd
    ]

    def take(number: int) -> object:
        return actions.accept_offer(crowd[number], offer=offers[number]).minutes

    outcomes = eight_at_once(take)
    assert sorted(map(str, outcomes)) == ["2400"] * 2 + ["no_longer_free"] * 6
    # Nothing half written: who got nothing has no place, and can still answer.
    assert Membership.objects.filter(person__in=crowd).count() == 2
    assert Offer.objects.filter(answer="open").count() == 6


@pytest.mark.django_db(transaction=True)
def test_that_an_offer_is_made_once_when_eight_match_at_once(
    busy: Team, eight_at_once: Crowd
) -> None:
    actions.apply(busy.guest, choices=[], minutes=FULL)
    outcomes = eight_at_once(lambda _: actions.match_applications() is not None)
    assert sorted(map(str, outcomes)) == ["False"] * 7 + ["True"]
    assert Offer.objects.count() == 1


def test_that_the_same_key_accepts_once(busy: Team) -> None:
    actions.apply(busy.guest, choices=[], minutes=FULL)
    actions.match_applications()
    offer: UUID = Offer.objects.get().id
    key = uuid4()
    first = actions.accept_offer(busy.guest, offer=offer, key=key)
    assert actions.accept_offer(busy.guest, offer=offer, key=key) == first


def test_that_work_of_the_own_region_is_offered_first_and_that_is_said(busy: Team) -> None:
    Region.objects.create(code="hill", name_en="Hill", name_zh="山丘")
    products.move_to(busy.guest, region="hill")
    actions.open_posts(2, days=35)
    actions.apply(busy.guest, choices=[], minutes=2400)
    actions.match_applications()
    offer = Offer.objects.get()
    assert offer.distance == "far"
    assert "nothing nearer was left for you" in " ".join(wording.reasons(offer))
    actions.decline_offer(busy.guest, offer=offer.id)
    actions.apply(busy.guest, choices=[], minutes=2400, moves=True)
    actions.match_applications()
    assert Offer.objects.get(answer="open").distance == "moves"

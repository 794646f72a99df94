"""The small country in the middle of its life, and every page that can be read there.

Round 1 is closed, round 2 runs, round 3 is before its vote, round 4 takes orders.
"""

from decimal import Decimal
from uuid import NAMESPACE_OID, uuid5

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.platform import factories
from tests.platform.factories import Country

from xietong.platform.credits import actions as credits
from xietong.platform.decisions.models import Motion
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.enterprises.models import Enterprise
from xietong.platform.labour import actions as labour
from xietong.platform.labour.models import Exemption, Place, Post, Service, Skill, WorkRecord
from xietong.platform.people import actions as people
from xietong.platform.people.models import Duty, Ground
from xietong.platform.record import actions as record
from xietong.platform.rounds.dial import actions as dial
from xietong.platform.rounds.models import DialReading

# They change something, or send a file.
NOT_PAGES = {
    "set_language",
    "sign-out",
    "change-password",
    "make-token",
    "revoke-token",
    "claim-need",
    "appeal-need",
    "end-need",
    "invite",
    "accept-invitation",
    "decline-invitation",
    "leave-household",
    "answer-need",
    "put-allowance-to-vote",
    "basket-add",
    "standing",
    "certify",
    "vote-on-dispute",
    "withdraw-dispute",
    "vote",
    "end-vote",
    "dial-vote",
    "start-trial",
    "put-step-to-vote",
    "live-in",
    "arrange-post",
    "set-skill-mix",
    "plan-shift",
    "change-shift",
    "ask-swap",
    "answer-swap",
    "confirm-skill",
    "withdraw-skill",
    "withdraw-application",
    "answer-offer",
    "give-notice",
    "record-export",
    "rota-act",
    "rota-file",
    "economy-file",
    "plan-file",
    "payout-file",
}


def lived(goods: int = 3) -> Country:
    """A country that makes so many goods, with something to see on every page."""
    country = factories.found(goods)
    # More than can be made, so that there is something to cut.
    units = 80 if goods == 1 else 20
    country.order(units=units)
    country.draft(1)
    country.choose("goods", 1)
    country.order(units=units)
    country.draft(2)
    country.produce(1)
    country.deliver(1)
    country.choose("goods", 2)
    country.close(1)
    _work(country)
    country.collect(units=2)
    country.order(units=units)
    country.draft(3)
    country.order(units=10)
    for duty in (Duty.Kind.ENROLMENT, Duty.Kind.ALLOWANCES, Duty.Kind.APPEALS):
        people.give_duty(country.planner, duty)
    _needs(country)
    people.make_token(country.planner)
    record.sequence()
    _serve(country)
    _ask(country)
    return country


def _ask(country: Country) -> None:
    """One reading of the policy dial has been worked out, another waits."""
    dial.answer(dial.ask(country.planner, spread=100, products=["rice"]).id)
    dial.ask(country.everyone[1], spread=200)


def _serve(country: Country) -> None:
    """The planner has a turn, somebody offers one, and somebody asks to be excused."""
    labour.add_service(
        "fire-watch",
        name_en="Fire watch",
        name_zh="消防值守",
        scope=Service.Scope.WHOLE,
        starts=[20 * 60],
        minutes=240,
        people=len(country.everyone),
        rest=600,
    )
    labour.announce_rota(country.planner, round_number=2, weeks=1, wait=1)
    record.submit("test", {})
    record.sequence()
    labour.draw_rota(country.planner, round_number=2)
    for place in Place.objects.exclude(person=country.planner).select_related("person"):
        labour.offer_turn(place.person, place=place.id)
    labour.ask_exemption(
        country.everyone[1],
        kind=Exemption.Kind.EXAM,
        reason="The last exam of the year",
        first_round=3,
        last_round=3,
    )


def _needs(country: Country) -> None:
    """A claim waits, another was refused and is appealed against; two share a household."""
    planner, second, *_ = country.everyone
    student, pensioner = country.everyone[-1], country.everyone[-2]
    people.claim_need(second, ground=Ground.CARE, from_round=2, why="Care", beside_work=True)
    refused = people.claim_need(planner, ground=Ground.ILLNESS, from_round=2, why="Flu")
    people.give_duty(second, Duty.Kind.ALLOWANCES)
    answer = people.answer_claim(
        second, person=planner.pk, claim=refused.id, grant=False, why="No paper"
    )
    people.appeal(planner, event=answer.id, why="Here it is")
    people.form_households([[planner, second]])
    people.invite(planner, username=student.username)
    people.invite(pensioner, username=student.username)


def _work(country: Country) -> None:
    labour.add_skills([labour.SkillDraft(code="cooking", name_en="Cooking", name_zh="烹饪")])
    for good in country.goods:
        first, second = country.team(good)
        enterprises.report_output(
            first,
            enterprise=Enterprise.objects.get(code=good.enterprise),
            quantities={good.code: Decimal(20)},
            note="",
            key=uuid5(NAMESPACE_OID, good.code),
        )
        labour.log_team_hours(second, week=1, minutes={first.id: 600, second.id: 600})
        shift = labour.plan_shift(first, weekday=1, starts=480, minutes=480, places=2)
        for member in (first, second):
            labour.take_shift(member, shift=shift.id)
        labour.ask_swap(second, gives=shift.id, other=first.id)
        labour.state_skill(first, skill="cooking", certificate="Course 7")
        labour.state_skill(second, skill="cooking")
    skill = Skill.objects.create(code="milling", name_en="Milling", name_zh="碾米")
    helper = people.enrol(username="ines", name="Inês", password=None)
    first, second = country.team(country.goods[0])
    enterprises.join_many([enterprises.Place(helper, country.goods[0].enterprise, manages=True)])
    labour.log_hours(helper, person=helper, week=1, minutes=2400, line=480, skill=skill.code)
    labour.log_hours(second, person=second, week=2, minutes=[480, 0, 0, 0, 0, 60, 0])
    worked = WorkRecord.objects.get(person=helper)
    credits.certify_and_issue(second, records=[worked.id])
    labour.open_dispute(second, record=worked.id, minutes=1200, why="I saw less.")
    _openings(country)


def _openings(country: Country) -> None:
    """Each enterprise has room for more, shares some of it, and somebody is offered it."""
    Post.objects.update(needed=12000, capacity=9600)
    for good in country.goods:
        post = Post.objects.get(enterprise=good.enterprise, kind="ordinary")
        for kind in ("shared", "rotating"):
            labour.arrange_post(country.team(good)[0], post=post.id, kind=kind, holders=2, places=1)
    posts = list(Post.objects.order_by("kind", "id").values_list("id", flat=True))
    labour.apply(country.planner, choices=posts[:3], minutes=2400)
    labour.match_applications()


def pages() -> dict[str, list[str]]:
    """The addresses to read, by the name of the page."""
    open_vote = Motion.objects.get(round__number=3).pk
    decided = Motion.objects.get(round__number=1).pk
    posts = Post.objects.filter(enterprise="rice-makers").values_list("pk", flat=True)
    return {
        "home": [reverse("home"), "/?round=1"],
        "opsroom": [reverse("opsroom"), "/opsroom/?round=1"],
        "catalogue": [reverse("catalogue"), "/catalogue/?q=daomi", "/catalogue/?q=nothing"],
        "product": [reverse("product", args=["rice"])],
        "basket": [reverse("basket")],
        "past-order": [reverse("past-order", args=[1])],
        "collection": [reverse("collection")],
        "credits": [reverse("credits")],
        "factors": [reverse("factors")],
        "work": [reverse("work")],
        "latest-payout": [reverse("latest-payout")],
        "payout": [reverse("payout", args=[number]) for number in (1, 2)],
        "prices": [reverse("prices"), "/prices/?order=risen", "/prices/?q=nothing"],
        "work-hours": [reverse("work-hours")],
        "enterprise": [reverse("enterprise")],
        "my-stock": [reverse("my-stock")],
        "my-team": [reverse("my-team")],
        "my-reports": [reverse("my-reports")],
        "report-output": [reverse("report-output")],
        "report-use": [reverse("report-use")],
        "my-disputes": [reverse("my-disputes")],
        "team-hours": [reverse("team-hours")],
        "week-of-work": [
            reverse("week-of-work", args=[record])
            for record in WorkRecord.objects.filter(
                dispatch=2, enterprise="rice-makers"
            ).values_list("id", flat=True)
        ],
        "my-posts": [reverse("my-posts")],
        "my-shifts": [reverse("my-shifts")],
        "my-skills": [reverse("my-skills")],
        "openings": [reverse("openings"), "/openings/?q=rice&kind=shared", "/openings/?q=nothing"],
        "opening": [reverse("opening", args=[post]) for post in posts],
        "my-application": [reverse("my-application")],
        "enterprises": [reverse("enterprises")],
        "one-enterprise": [reverse("one-enterprise", args=["rice-makers"])],
        "enterprise-stock": [reverse("enterprise-stock", args=["rice-makers"])],
        "enterprise-reports": [reverse("enterprise-reports", args=["rice-makers"])],
        "enterprise-hours": [reverse("enterprise-hours", args=["rice-makers"])],
        "round": [reverse("round")],
        "one-round": [reverse("one-round", args=[number]) for number in (1, 3, 4)],
        "round-next": [reverse("round-next", args=[number]) for number in (2, 3)],
        "scenario": [reverse("scenario", args=[3, "goods"])],
        "scenario-tasks": [reverse("scenario-tasks", args=[3, "goods"])],
        "scenario-need": [reverse("scenario-need", args=[3, "goods", "household:rice"])],
        "dial": [reverse("dial"), "/dial/?product=rice"],
        "dial-reading": [
            reverse("dial-reading", args=[reading])
            for reading in DialReading.objects.values_list("pk", flat=True)
        ],
        "decisions": [reverse("decisions")],
        "put-to-vote": [reverse("put-to-vote")],
        "decision": [reverse("decision", args=[motion]) for motion in (open_vote, decided)],
        "towards-need": [reverse("towards-need"), "/towards-need/?move=hold&order=name"],
        "dossier": [reverse("dossier", args=["rice"])],
        "record": [reverse("record")],
        "parameters": [reverse("parameters")],
        "me": [reverse("me")],
        "my-needs": [reverse("my-needs")],
        "needs-waiting": [reverse("needs-waiting")],
        "allowances": [reverse("allowances")],
        "duties": [reverse("duties")],
        "enrol": [reverse("enrol")],
        "needs-of-another": [
            reverse("needs-of-another"),
            "/duties/needs/recognised/?username=nobody",
        ],
        "rota": [reverse("rota")],
        "rota-announce": [reverse("rota-announce")],
        "rota-of-round": [reverse("rota-of-round", args=[2])],
        "rota-exemptions": [reverse("rota-exemptions")],
    }


# Read by whoever has not signed in.
OUTSIDE = {"home": ["/"], "sign-in": ["/sign-in/"]}


def names_of_pages() -> set[str]:
    """The names of all addresses of the platform that show a page."""
    return {
        pattern.name
        for entry in get_resolver().url_patterns
        if isinstance(entry, URLResolver) and not entry.namespace
        for pattern in entry.url_patterns
        if isinstance(pattern, URLPattern) and pattern.name is not None
    } - NOT_PAGES

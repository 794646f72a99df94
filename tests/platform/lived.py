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
from xietong.platform.labour.models import Skill, WorkRecord
from xietong.platform.people import actions as people
from xietong.platform.people.models import Duty
from xietong.platform.record import actions as record

# They change something, or send a file.
NOT_PAGES = {
    "set_language",
    "sign-out",
    "change-password",
    "make-token",
    "revoke-token",
    "basket-add",
    "certify",
    "vote-on-dispute",
    "withdraw-dispute",
    "vote",
    "end-vote",
    "record-export",
    "economy-file",
    "plan-file",
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
    people.make_token(country.planner)
    record.sequence()
    return country


def _work(country: Country) -> None:
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
    skill = Skill.objects.create(code="milling", name_en="Milling", name_zh="碾米")
    people.give_duty(country.planner, Duty.Kind.ENROLMENT)
    helper = people.enrol(username="ines", name="Inês", password=None)
    first, second = country.team(country.goods[0])
    enterprises.join_many([enterprises.Place(helper, country.goods[0].enterprise, manages=True)])
    labour.log_hours(helper, person=helper, week=1, minutes=2400, line=480, skill=skill.code)
    labour.log_hours(second, person=second, week=2, minutes=[480, 0, 0, 0, 0, 60, 0])
    worked = WorkRecord.objects.get(person=helper)
    credits.certify_and_issue(second, records=[worked.id])
    labour.open_dispute(second, record=worked.id, minutes=1200, why="I saw less.")


def pages() -> dict[str, list[str]]:
    """The addresses to read, by the name of the page."""
    open_vote = Motion.objects.get(round__number=3).pk
    decided = Motion.objects.get(round__number=1).pk
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
        "decisions": [reverse("decisions")],
        "put-to-vote": [reverse("put-to-vote")],
        "decision": [reverse("decision", args=[motion]) for motion in (open_vote, decided)],
        "record": [reverse("record")],
        "parameters": [reverse("parameters")],
        "me": [reverse("me")],
        "duties": [reverse("duties")],
        "enrol": [reverse("enrol")],
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

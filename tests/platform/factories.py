"""A small country that lives through whole rounds by the rooms' own actions.

Each of its goods is made by an enterprise of its own with two workers; a pensioner and a student
live there too. The first good is Ana's, who holds the planning duty.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from uuid import NAMESPACE_OID, uuid5

from django.db import connection

from xietong.platform.credits import actions as credits
from xietong.platform.decisions import actions as decisions
from xietong.platform.decisions.models import Motion
from xietong.platform.enterprises import actions as enterprises
from xietong.platform.enterprises.models import Enterprise, Task
from xietong.platform.labour import actions as labour
from xietong.platform.labour.models import WorkRecord
from xietong.platform.needs import actions as needs
from xietong.platform.needs.models import CommonShare
from xietong.platform.people import actions as people
from xietong.platform.people.models import Duty, Ground, Person
from xietong.platform.products import actions as products
from xietong.platform.products.models import Product
from xietong.platform.record import actions as record
from xietong.platform.rounds import actions as rounds
from xietong.platform.rounds.models import Round

REGION = "all"
HOURS = Decimal(100)
WEEKS = 4


@dataclass(frozen=True)
class Good:
    """`hours` of labour make one; everyone orders `ordered` in a round. Stocks are kept of it."""

    code: str
    name_en: str
    name_zh: str
    mode: str
    tier: str
    hours: Decimal
    ordered: int
    workers: tuple[str, str]

    @property
    def enterprise(self) -> str:
        return f"{self.code}-makers"


GOODS = (
    Good("rice", "Rice", "稻米", "credits", "basic", Decimal(1), 20, ("Ana", "Bruno")),
    Good("soap", "Soap", "肥皂", "free", "basic", Decimal("0.5"), 10, ("Célia", "Davi")),
    Good("chair", "Chair", "椅子", "credits", "personal", Decimal(4), 20, ("Elisa", "Fátima")),
)


@dataclass(frozen=True)
class Country:
    planner: Person
    goods: Sequence[Good]
    everyone: Sequence[Person]

    def team(self, good: Good) -> list[Person]:
        return [person for person in self.everyone if person.name in good.workers]

    def order(self, *, units: int | None = None) -> None:
        """Everyone orders in the open round, so many of each good or what they usually do."""
        for person in self.everyone:
            needs.place_order(
                person, quantities={good.code: units or good.ordered for good in self.goods}
            )

    def draft(self, number: int = 1) -> Motion:
        """Orders are taken, and the scenarios of the round come to the vote."""
        rounds.begin_drafting(self.planner, number=number)
        return self.draw(number)

    def draw(self, number: int) -> Motion:
        """What the worker beside the server does: the scenarios are computed."""
        motion = rounds.draft(number)
        assert motion is not None, Round.objects.get(number=number).trouble
        return motion

    def choose(self, key: str = "goods", number: int = 1) -> None:
        """Everyone agrees to one scenario, which becomes the plan."""
        self.vote(key, number)
        rounds.end_vote(self.planner, number=number)

    def vote(self, key: str, number: int) -> None:
        motion = Motion.objects.get(round__number=number)
        for person in self.everyone:
            decisions.cast_ballot(person, motion=motion, choices=[key])

    def produce(self, number: int = 1, *, share: Decimal = Decimal(1)) -> None:
        """Enterprises make this share of what the plan asks, work for it and certify it."""
        for good in self.goods:
            enterprise = Enterprise.objects.get(code=good.enterprise)
            task = Task.objects.filter(dispatch=number, enterprise=enterprise).first()
            if task is None:
                continue
            first, second = self.team(good)
            made = (task.runs * share).quantize(Decimal("0.001"), ROUND_DOWN)
            enterprises.report_output(
                first,
                enterprise=enterprise,
                quantities={good.code: made},
                key=uuid5(NAMESPACE_OID, f"{number}/{good.code}"),
            )
            minutes = int(task.hours * share * 60 / (2 * WEEKS))
            for week in range(1, WEEKS + 1):
                labour.log_team_hours(
                    first, week=week, minutes={first.id: minutes, second.id: minutes}
                )
            for member, other in ((first, second), (second, first)):
                worked = WorkRecord.objects.filter(dispatch=number, person=member)
                credits.certify_and_issue(other, records=list(worked.values_list("id", flat=True)))

    def collect(self, *, units: int) -> None:
        """Everyone collects so many of each good."""
        for person in self.everyone:
            needs.collect(
                person,
                quantities={good.code: units for good in self.goods},
                key=uuid5(NAMESPACE_OID, person.username),
            )

    def deliver(self, number: int = 1) -> None:
        """Common needs receive what they were promised."""
        promised = CommonShare.objects.filter(book=number, allotted__gt=0)
        needs.deliver_common(number, dict(promised.values_list("need_id", "allotted")))

    def close(self, number: int = 1) -> None:
        rounds.close(self.planner, number=number)
        record.sequence()


def found(goods: int = 3) -> Country:
    """A country that makes the first so many of `GOODS`, its first round taking orders."""
    made = GOODS[:goods]
    _parameters()
    rules_of_need()
    products.add_region(REGION, name_en="The whole country", name_zh="全国")
    workers: list[Person] = []
    for good in made:
        products.add_group(f"{good.code}-shelf", name_en=good.name_en, name_zh=good.name_zh)
        products.add_product(
            Product(
                code=good.code,
                name_en=good.name_en,
                name_zh=good.name_zh,
                group_id=f"{good.code}-shelf",
                unit_en="piece",
                unit_zh="件",
                storable=True,
                mode=good.mode,
                tier=good.tier,
                orderable=True,
            )
        )
        workers += _enterprise(good)
    for place, good in enumerate(made):
        needs.set_common_needs(
            [
                needs.CommonNeedDraft(
                    code=f"school:{good.code}",
                    name_en=f"Schools: {good.name_en}",
                    name_zh=f"学校：{good.name_zh}",
                    tier=("public", "reserve")[place % 2],
                    product=good.code,
                    quantity=Decimal(5),
                )
            ]
        )
    enterprises.count_opening_stock(
        [
            enterprises.Counted(enterprise=good.enterprise, product=good.code, quantity=Decimal(5))
            for good in made
        ],
        round_number=1,
    )
    rounds.set_stock_norms({(REGION, good.code): Decimal(10) for good in made})
    people.give_duty(workers[0], Duty.Kind.PLANNING)
    others = [
        people.enrol(username="gil", name="Gil", password=None, ground=Ground.PENSION),
        people.enrol(username="hana", name="Hana", password=None, ground=Ground.STUDY),
    ]
    rounds.open_first_round(days=30)
    return Country(planner=workers[0], goods=made, everyone=[*workers, *others])


def cost_of_allotments(round_number: int) -> int:
    """1/1000 credits that everything promised to persons in a round costs at its prices."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(sum(line.allotted * price.amount), 0)::bigint
            FROM needs_orderline AS line
            JOIN products_rule AS rule ON rule.round_number = line.book_id
                AND rule.product_id = line.product_id AND rule.on_trial = line.on_trial
            JOIN credits_price AS price ON price.product_id = line.product_id
                AND price.round_number = line.book_id
            WHERE line.book_id = %s AND rule.mode = 'credits'
            """,
            [round_number],
        )
        (cost,) = cursor.fetchone()
    return int(cost)


def rules_of_need(share: int = 500) -> None:
    """The same share for every need, and a half of it beside work."""
    for ground in Ground:
        if ground != Ground.WORK:
            people.set_need_rule(
                ground, share=share, beside_share=share // 2, from_round=1, reason="test"
            )


def _enterprise(good: Good) -> list[Person]:
    enterprises.add_enterprise(
        good.enterprise,
        region=REGION,
        name_en=f"{good.name_en} makers",
        name_zh=f"{good.name_zh}厂",
    )
    enterprises.add_means(
        f"{good.code}-works",
        enterprise=good.enterprise,
        name_en=f"{good.name_en} works",
        name_zh=f"{good.name_zh}车间",
        available=Decimal(1000),
    )
    enterprises.add_technique(
        enterprises.TechniqueDraft(
            code=f"make-{good.code}",
            enterprise=good.enterprise,
            name_en=f"Making {good.name_en.lower()}",
            name_zh=f"生产{good.name_zh}",
            hours=good.hours,
            inputs={},
            outputs={good.code: Decimal(1)},
            occupies={f"{good.code}-works": Decimal(1)},
        )
    )
    team = [people.enrol(username=name.lower(), name=name, password=None) for name in good.workers]
    enterprises.join_many(
        enterprises.Place(person=person, enterprise=good.enterprise, manages=False)
        for person in team
    )
    return team


def _parameters() -> None:
    for code, value, highest in (
        ("hours_a_person", HOURS, Decimal(200)),
        ("leisure_share", Decimal("0.2"), Decimal(1)),
    ):
        record.define_parameter(
            code,
            value=value,
            lowest=Decimal(0),
            highest=highest,
            name_en=code,
            name_zh=code,
            reason="test",
        )

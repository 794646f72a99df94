"""What the demo country adds to the economy of Brazil 2021 that it is built from."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from xietong.platform.people.models import Ground

# One person of the demo stands for so many: few enough to simulate one by one, many enough that
# the smallest of 68 industries still has members.
SCALE = 100_000

# Brazil's population on 1 July 2021, as IBGE estimated it.
POPULATION = 213_317_639

# A round is a month, as people shop and plan; flows of the year are taken by days.
DAYS_A_ROUND = 30
WEEKS_WORKED = 4

# Product units of the country of 2021 are a million reais; a person of the demo sees a hundred
# thousandth of it, ten reais.
UNIT_EN = "× R$ 10 (2021)"
UNIT_ZH = "×10雷亚尔（2021年）"

# People who do not work, by the ground on which their credits come. The shares are rounded from
# IBGE's household survey of 2021 for persons outside the labour force.
GROUNDS_OF_OTHERS: Mapping[Ground, float] = MappingProxyType(
    {
        Ground.CHILD: 0.47,
        Ground.PENSION: 0.31,
        Ground.STUDY: 0.11,
        Ground.CARE: 0.08,
        Ground.ILLNESS: 0.03,
    }
)

# Someone who does not work gets this share of the mean worker's credits, on the mean: the rules of
# allowances give children half, students 0.6 and all others 0.7.
ALLOWANCE_SHARE = Decimal("0.6")
# In the scenario with more free time, people work so much less.
LEISURE_SHARE = Decimal("0.25")

# Prices leave labour values by a tenth at most; a fifth of the credits that have piled up, or of
# the goods, is taken into the next rate; to keep a round's goods in credits is usual.
PRICE_BAND = Decimal("0.1")
BALANCE_PULL = Decimal("0.2")
NORMAL_PURSE = Decimal("1")
# What the state's offices do (products of ISIC division 84) is administration.
ADMINISTRATION = "84"

# A week, a school and a bus stop for everyone: what the demo distributes without credits.
FREE_PRODUCTS = ("36801", "85921", "86921", "49002")
# Given to each in a measure that covers the usual use with room to spare.
QUOTA_PRODUCTS = ("35001", "19916")
QUOTA_PER_MEAN_USE = 2.0

# Of their hours, managers work so many on the line; and at least so many are asked of them.
LINE_SHARE = Decimal("0.25")
LINE_MINIMUM = Decimal("0.2")

# What some work asks for, the enterprises that need it, and in what shares of their hours.
SKILLS = MappingProxyType(
    {
        "nursing": ("Nursing", "护理"),
        "medicine": ("Medicine", "医疗"),
        "teaching": ("Teaching", "教学"),
        "driving": ("Driving", "驾驶"),
        "repair": ("Repair of vehicles", "车辆维修"),
        "electrics": ("Electrical work", "电工"),
    }
)
SKILL_MIXES = MappingProxyType(
    {
        "8691": {"nursing": Decimal("0.7"), "medicine": Decimal("0.3")},
        "8591": {"teaching": Decimal(1)},
        "4900": {"driving": Decimal("0.8"), "repair": Decimal("0.2")},
        "3500": {"electrics": Decimal(1)},
    }
)
SKILLED_AT_FIRST = 30  # persons of each of these enterprises
# How far factors may lie from 1, in thousandths, as people vote in the first round of each year;
# and which hours count more, in shares of the first spread.
SPREADS = MappingProxyType({1: 150, 13: 100, 25: 50})
FACTORS = MappingProxyType({"medicine": 1.0, "nursing": 0.6, "electrics": 0.4})
# What somebody asks the dial: so many of a hundred hours of what people take, by need.
DIAL = 40

# Public services: when their turns begin in a week, in minutes from Monday 0:00, and how long.
DAY = 24 * 60
SERVICES = MappingProxyType(
    {
        "fire": ("Fire watch", "防火值班", tuple(day * DAY + 20 * 60 for day in range(7)), 240),
        "relief": ("Relief at the weekend", "周末助困", (5 * DAY + 9 * 60, 6 * DAY + 9 * 60), 180),
    }
)
PEOPLE_A_TURN = 2
REST_BETWEEN_TURNS = 11 * 60

# Each round so many ask for other work, of enterprises that can spare them, and for so many posts.
SEEKERS = 3
CHOICES = 5
LEAST_TEAM = 6
FULL_WEEK = 40 * 60
# Each round so many who work fall ill for a while; every third round one claim is refused at first.
ILL = 3
ROUNDS_ILL = 2

# Where people live, with the share of Brazil's population of 2021 there (IBGE, rounded).
RESIDENCES = MappingProxyType(
    {
        "southeast": ("Southeast", "东南部", 0.42),
        "northeast": ("Northeast", "东北部", 0.27),
        "south": ("South", "南部", 0.14),
        "north": ("North", "北部", 0.09),
        "centre-west": ("Centre-West", "中西部", 0.08),
    }
)
# Adults and children of a household, in turn.
HOUSEHOLDS = ((1, 0), (2, 1), (2, 0), (2, 2), (1, 1), (3, 1))

# People ask for somewhat more than 2021 gave them, else there would be nothing to decide.
WISHES = 1.06
# Nobody buys a shirt in tenths: what is ordered comes in lots, for six months at the mean, of so
# many units at most.
MONTHS_A_LOT = 6
LOT = 20
# So many let their order repeat itself, and have their goods brought home at the end of a round.
BROUGHT_HOME = 0.97
# Of these, so many order anew in a round, and so many when a rule of theirs has changed.
ORDERS_ANEW = 0.04
ORDERS_ON_CHANGE = 0.5
# So many, when twice what they usually keep is left in the account, or a quarter.
ORDERS_WHEN_STRAINED = 0.12
# People spend what they have above what they usually keep within so many rounds. What they ask for
# follows their purse so closely, within these bounds; the rest is habit.
ROUNDS_TO_SPEND = 4
BENDS = (0.4, 4.0)
FOLLOWS_PURSE = 0.8
# How much of a product people want by each rule, beside what they want of it for credits. The
# tables tell what they want by the rule that holds when the country is founded.
EAGERNESS = MappingProxyType({"credits": 1.0, "quota": 1.05, "free": 1.12})
# How unlike each other people are: the shape of the gamma law of their tastes and appetites.
APPETITE_SHAPE = 12.0
TASTE_SHAPE = 1.5

# An enterprise makes what it planned but for its luck: the standard deviation of a month's yield.
LUCK = 0.015
# In these rounds there is little rain, and the works of water and sewerage make so much less.
DROUGHT = range(14, 17)
DROUGHT_LEAVES = MappingProxyType({"3680": Decimal("0.85")})

# What people would have by need, the dearest wish first; so many trials run at once.
TOWARDS_NEED = (
    "36801",  # water
    "35001",  # electricity
    "10934",  # rice
    "21001",  # medicines
    "11001",  # beverages
    "10915",  # milk
    "58001",  # books and newspapers
    "49002",  # passenger transport
)
TRIALS_AT_ONCE = 3
# Not everything finds a majority.
AGREEMENT = 0.7
DISPUTED = MappingProxyType({"11001": 0.35})

# Of those entitled, so many cast a ballot; of these, so many approve each scenario.
TURNOUT = 0.3
TURNOUT_ON_NEED = 0.25
APPROVAL = MappingProxyType({"goods": 0.62, "leisure": 0.52})

SEED = 20211231
PASSWORD = "together-2021"  # noqa: S105  the demo's, printed when it starts


def agreement(product: str) -> float:
    """How many of those who vote would have a product by need."""
    return DISPUTED.get(product, AGREEMENT)


def eagerness(product: str, mode: str) -> float:
    """How much more of a product people want by this rule than by that of the founding."""
    first = (
        "free" if product in FREE_PRODUCTS else "quota" if product in QUOTA_PRODUCTS else "credits"
    )
    return EAGERNESS[mode] / EAGERNESS[first]

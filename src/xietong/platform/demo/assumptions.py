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
# Nobody buys a shirt in tenths: what is ordered comes in lots of about this many units.
LOT = 5
# How unlike each other people are: the shape of the gamma law of their tastes and appetites.
APPETITE_SHAPE = 12.0
TASTE_SHAPE = 1.5

# An enterprise makes what it planned but for its luck: the standard deviation of a month's yield.
LUCK = 0.015
# Of those entitled, so many cast a ballot; of these, so many approve each scenario.
TURNOUT = 0.45
APPROVAL = MappingProxyType({"goods": 0.62, "leisure": 0.52})

SEED = 20211231
PASSWORD = "together-2021"  # noqa: S105  the demo's, printed when it starts

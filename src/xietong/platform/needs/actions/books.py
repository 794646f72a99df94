"""Opening and closing the book of a round's orders, and what passes from one to the next.

Whoever writes in a book first locks the book, then persons in order, then stores by product, then
an account. So orders, collections and the settling of a book never block each other for good.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from xietong.platform.base import Rejected, again_after_conflict
from xietong.platform.people.models import Person
from xietong.platform.products import actions as products

from ..models import OrderBook, OrderLine
from ..rules import MOST_UNITS_A_LINE, Refusal
from .shares import fair_shares

State = OrderBook.State


def open_book(round_number: int) -> OrderBook:
    """Begin to take orders for a round, by the rules that then hold for it.

    Raises Rejected ANOTHER_BOOK_OPEN or WRONG_STATE.
    """
    try:
        with transaction.atomic():
            opened = OrderBook.objects.create(round_number=round_number)
            products.write_rules(round_number, fair_shares())
            return opened
    except IntegrityError as taken:
        twice = OrderBook.objects.filter(round_number=round_number).exists()
        reason = Refusal.WRONG_STATE if twice else Refusal.ANOTHER_BOOK_OPEN
        raise Rejected(reason, str(round_number)) from taken


@transaction.atomic
def close_book(round_number: int) -> OrderBook:
    """Take no more orders for a round: they can be planned. Raises Rejected WRONG_STATE."""
    closed = _move(round_number, State.OPEN, State.TAKEN)
    with connection.cursor() as cursor:
        # Sharing out, planning and settling read all these lines; PostgreSQL would plan that as
        # if there were hardly any until it next looks by itself.
        cursor.execute("SELECT needs_take_statistics()")
    return closed


@transaction.atomic
def start_collecting(round_number: int) -> OrderBook:
    """Let people collect what was allotted to them.

    Raises Rejected NOT_ALLOTTED, WRONG_STATE, or ANOTHER_BOOK_COLLECTING.
    """
    if OrderLine.objects.filter(book=round_number, allotted__isnull=True).exists():
        raise Rejected(Refusal.NOT_ALLOTTED, str(round_number))
    try:
        with transaction.atomic():
            return _move(round_number, State.TAKEN, State.COLLECTING)
    except IntegrityError as another:
        raise Rejected(Refusal.ANOTHER_BOOK_COLLECTING, str(round_number)) from another


@again_after_conflict
@transaction.atomic
def settle(round_number: int) -> None:
    """End the collection of a round, and carry what it left unmet into the orders being taken.

    What everyone together asked for and took is kept in sums.

    Carried is what the plan cut and what was promised but not there, of products that keep; never
    beyond what the person may order, and never more than was asked anew or carried before, so
    that what is short does not pile up. Raises Rejected WRONG_STATE, or NO_OPEN_BOOK.
    """
    _keep_sums(round_number)
    _move(round_number, State.COLLECTING, State.SETTLED)
    coming = hold_book(State.OPEN)
    if coming is None:
        raise Rejected(Refusal.NO_OPEN_BOOK)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id FROM people_person
            WHERE id IN (SELECT person_id FROM needs_orderline WHERE book_id = %s)
            ORDER BY id FOR NO KEY UPDATE
            """,
            [round_number],
        )
        # The coming round's lines have no statistics yet: without them each would be sought alone.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(
            """
            WITH unmet AS (
                SELECT line.person_id, line.product_id,
                       least(
                           line.quantity - line.allotted + line.missed,
                           greatest(line.quantity - line.carried, line.carried),
                           coalesce(
                               CASE rule.mode WHEN 'quota' THEN rule.quota ELSE rule.most END
                                   * coalesce(larger.percent, 100) / 100,
                               %(most)s
                           ) - coalesce(asked.quantity, 0)
                       ) AS units
                FROM needs_orderline AS line
                JOIN products_product AS product ON product.code = line.product_id
                JOIN people_person AS person ON person.id = line.person_id
                LEFT JOIN needs_orderline AS asked ON asked.book_id = %(coming)s
                    AND (asked.person_id, asked.product_id) = (line.person_id, line.product_id)
                LEFT JOIN products_residence AS home ON home.person_id = line.person_id
                LEFT JOIN products_rule AS trial ON trial.round_number = %(coming)s
                    AND trial.product_id = line.product_id AND trial.on_trial
                    AND trial.region_id = home.region_id
                LEFT JOIN products_rule AS rule ON rule.round_number = %(coming)s
                    AND rule.product_id = line.product_id
                    AND rule.on_trial = coalesce(asked.on_trial, trial.on_trial, false)
                LEFT JOIN needs_larger_shares(%(coming)s) AS larger
                    ON larger.person_id = line.person_id
                WHERE line.book_id = %(settled)s AND product.storable AND product.orderable
                    AND person.left_at IS NULL
            )
            INSERT INTO needs_orderline AS line
                (person_id, book_id, product_id, quantity, carried, collected, missed, paid,
                 spent)
            SELECT person_id, %(coming)s, product_id, units, units, 0, 0, 0, 0
            FROM unmet WHERE units > 0
            ON CONFLICT (person_id, book_id, product_id) DO UPDATE
            SET quantity = line.quantity + excluded.quantity,
                carried = line.carried + excluded.carried
            """,
            {"settled": round_number, "coming": coming, "most": MOST_UNITS_A_LINE},
        )


def _keep_sums(round_number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            # Whoever still collects is waited for, and nobody begins to.
            """
            SELECT FROM needs_orderbook WHERE round_number = %s AND state = %s FOR NO KEY UPDATE
            """,
            [round_number, State.COLLECTING],
        )
        cursor.execute(
            """
            INSERT INTO needs_roundsum
                (book_id, product_id, mode, persons, takers, asked, promised, collected, missed,
                 paid, spent, promised_shares, reached_shares)
            SELECT * FROM needs_sum WHERE book_id = %s
            """,
            [round_number],
        )


@transaction.atomic
def forget(*, up_to: int) -> int:
    """Forget who ordered and took what in settled rounds up to this one; sums stay as they are.

    Of each account the entries stay, and no longer lead to goods. Returns how many rounds were
    forgotten by this call.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT needs_forget(%s)", [up_to])
        (rounds,) = cursor.fetchone()
    return int(rounds)


def hold_book(state: State) -> int | None:
    """The round whose book is in `state`, held there until the transaction ends; None if none."""
    return _held("SELECT round_number FROM needs_orderbook WHERE state = %s FOR SHARE", [state])


def hold_book_and_person(state: State, person: Person) -> int | None:
    """As `hold_book`; and no other transaction writes this person's orders and collections."""
    return _held(
        # The join is made before its row is locked: the book first, then the person.
        """
        WITH book AS MATERIALIZED (
            SELECT round_number FROM needs_orderbook WHERE state = %s FOR SHARE
        )
        SELECT book.round_number FROM book, people_person AS person
        WHERE person.id = %s FOR NO KEY UPDATE OF person
        """,
        [state, person.pk],
    )


def _held(statement: str, parameters: Sequence[str | UUID]) -> int | None:
    with connection.cursor() as cursor:
        # A book that moves on while this waits may leave the next in its place: look again.
        for _ in range(2):
            cursor.execute(statement, parameters)
            if found := cursor.fetchone():
                return int(found[0])
    return None


def _move(round_number: int, before: State, after: State) -> OrderBook:
    moved = OrderBook.objects.filter(round_number=round_number, state=before).update(state=after)
    if not moved:
        raise Rejected(Refusal.WRONG_STATE, str(round_number))
    return OrderBook(round_number=round_number, state=after)

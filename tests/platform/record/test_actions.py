from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from xietong.platform.base import Rejected
from xietong.platform.record import actions, chain, queries
from xietong.platform.record.models import Entry, Parameter, ParameterChange, Submission
from xietong.platform.record.rules import Refusal


def define_share(value: str = "0.8") -> Parameter:
    return actions.define_parameter(
        "allowance_share",
        name_en="Allowance",
        name_zh="津贴",
        value=Decimal(value),
        lowest=Decimal("0.5"),
        highest=Decimal(1),
    )


@pytest.mark.django_db
def test_that_the_sequencer_numbers_submissions_in_the_order_of_time() -> None:
    for name in "abc":
        actions.submit("test", {"name": name})
    assert queries.waiting() == 3
    assert actions.sequence() == 3
    assert list(Entry.objects.values_list("number", "body")) == [
        (1, '{"name":"a"}'),
        (2, '{"name":"b"}'),
        (3, '{"name":"c"}'),
    ]
    assert queries.waiting() == 0


@pytest.mark.django_db
def test_that_sequencing_again_appends_nothing_twice() -> None:
    actions.submit("test", {})
    assert [actions.sequence(), actions.sequence()] == [1, 0]


@pytest.mark.django_db
def test_that_the_chain_goes_on_where_it_stopped_and_verifies() -> None:
    actions.submit("test", {"名": "一"})
    actions.sequence()
    actions.submit("test", {"名": "二"})
    actions.sequence()
    lines = list(queries.export())
    assert [chain.read(line).number for line in lines] == [1, 2]
    assert chain.verify(lines) == []


@pytest.mark.django_db
def test_that_nothing_is_recorded_when_the_action_around_it_fails() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.submit("test", {})
        raise RuntimeError
    assert Submission.objects.count() == 0


@pytest.mark.usefixtures("no_jobs")
def test_that_many_submissions_leave_one_job_for_the_sequencer() -> None:
    for _ in range(3):
        actions.submit("test", {})
    jobs = ProcrastinateJob.objects.values_list("task_name", "queueing_lock", "status")
    assert list(jobs) == [("record.sequence", "record.sequence", "todo")]


@pytest.mark.django_db(transaction=True)
def test_that_sequencers_at_work_at_once_make_one_chain() -> None:
    for number in range(40):
        actions.submit("test", {"n": number})

    def sequence(_: int) -> int:
        try:
            return actions.sequence()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        appended = list(pool.map(sequence, range(8)))
    assert sum(appended) == 40
    assert chain.verify(queries.export()) == []
    assert [entry.number for entry in Entry.objects.all()] == list(range(1, 41))


def entry_after(number: int, previous: str, **changes: object) -> Entry:
    actions.submit("test", {})
    submission = Submission.objects.get(entry=None)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    values = {
        "number": number,
        "submission": submission,
        "at": at,
        "kind": "test",
        "body": "{}",
        "previous": previous,
        "hash": chain.entry_hash(number, chain.timestamp(at), "test", "{}", previous),
    }
    return Entry(**{**values, **changes})


@pytest.mark.django_db
def test_that_the_database_takes_only_the_entry_that_follows() -> None:
    with pytest.raises(IntegrityError, match="record entry 2 does not follow entry 0"):
        entry_after(2, chain.START).save(force_insert=True)


@pytest.mark.django_db
def test_that_the_database_takes_only_the_true_hash_before() -> None:
    with pytest.raises(IntegrityError, match="record entry 1 does not follow entry 0"):
        entry_after(1, "1" * 64).save(force_insert=True)


@pytest.mark.django_db
def test_that_the_database_recomputes_the_hash() -> None:
    with pytest.raises(IntegrityError, match="record entry 1 has a false hash"):
        entry_after(1, chain.START, hash="f" * 64).save(force_insert=True)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["record_entry", "record_submission", "record_parameterchange"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET at = now()"])
def test_that_what_is_recorded_can_neither_be_changed_nor_deleted(
    table: str, statement: str
) -> None:
    define_share()
    actions.sequence()
    with (
        pytest.raises(DatabaseError, match=f"Cannot update or delete rows from {table} table"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
    assert (Entry.objects.count(), ParameterChange.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_that_a_parameter_is_defined_with_its_first_value_on_record() -> None:
    define_share()
    assert queries.parameter("allowance_share") == Decimal("0.8")
    assert list(ParameterChange.objects.values_list("old", "new", "reason")) == [
        (None, Decimal("0.8"), "")
    ]
    assert Submission.objects.get().body == (
        '{"name_en":"Allowance","name_zh":"津贴","new":"0.8","old":null,'
        '"parameter":"allowance_share","reason":""}'
    )


@pytest.mark.django_db
def test_that_defining_a_parameter_again_with_its_value_records_nothing() -> None:
    define_share()
    define_share()
    assert ParameterChange.objects.count() == 1


@pytest.mark.django_db
def test_that_a_parameter_cannot_be_defined_outside_its_own_bounds() -> None:
    with pytest.raises(Rejected) as refused:
        define_share("0.4")
    assert refused.value.reason is Refusal.OUT_OF_BOUNDS
    assert Parameter.objects.count() == 0


@pytest.mark.django_db
def test_that_setting_a_parameter_records_old_new_and_the_right_by_which() -> None:
    define_share()
    actions.set_parameter("allowance_share", value=Decimal("0.9"), reason="vote")
    assert queries.parameter("allowance_share") == Decimal("0.9")
    change = ParameterChange.objects.first()
    assert change is not None
    assert (change.old, change.new, change.reason) == (Decimal("0.8"), Decimal("0.9"), "vote")
    assert Submission.objects.count() == 2


@pytest.mark.django_db
def test_that_a_parameter_set_to_what_it_is_records_nothing() -> None:
    define_share()
    actions.set_parameter("allowance_share", value=Decimal("0.80"), reason="vote")
    assert (ParameterChange.objects.count(), Submission.objects.count()) == (1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "value", "reason"),
    [
        ("allowance_share", "1.1", Refusal.OUT_OF_BOUNDS),
        ("allowance_share", "0.499999", Refusal.OUT_OF_BOUNDS),
        ("no_such", "0.9", Refusal.UNKNOWN_PARAMETER),
    ],
)
def test_that_a_refused_parameter_change_leaves_everything_as_it_was(
    code: str, value: str, reason: Refusal
) -> None:
    define_share()
    with pytest.raises(Rejected) as refused:
        actions.set_parameter(code, value=Decimal(value), reason="")
    assert refused.value.reason is reason
    assert queries.parameter("allowance_share") == Decimal("0.8")
    assert (ParameterChange.objects.count(), Submission.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_that_the_database_keeps_a_parameter_within_its_bounds() -> None:
    define_share()
    with pytest.raises(IntegrityError, match="record_parameter_within_bounds"):
        Parameter.objects.update(value=Decimal(2))

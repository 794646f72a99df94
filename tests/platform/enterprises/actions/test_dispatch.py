from decimal import Decimal

import pytest

from xietong.platform.base import Rejected
from xietong.platform.enterprises import actions, queries
from xietong.platform.enterprises.actions import TaskDraft
from xietong.platform.enterprises.models import Dispatch, Task
from xietong.platform.enterprises.rules import Refusal

pytestmark = pytest.mark.usefixtures("country")

MILLING = TaskDraft("milling:mill", Decimal("10.5"), Decimal("5.25"))
BAKING = TaskDraft("baking", Decimal(80), Decimal(160))


def test_that_tasks_go_to_the_enterprises_that_have_the_techniques() -> None:
    actions.open_dispatch(1, [MILLING, BAKING])
    assert set(
        Task.objects.values_list("dispatch", "technique", "enterprise", "runs", "hours")
    ) == {
        (1, "milling:mill", "mill", Decimal("10.5"), Decimal("5.25")),
        (1, "baking", "bakery", Decimal(80), Decimal(160)),
    }
    assert queries.open_round() == 1


def test_that_one_round_runs_at_a_time() -> None:
    actions.open_dispatch(1, [])
    with pytest.raises(Rejected) as refused:
        actions.open_dispatch(2, [MILLING])
    assert refused.value.reason is Refusal.ROUND_OPEN
    assert list(Dispatch.objects.values_list("round_number", flat=True)) == [1]
    assert Task.objects.count() == 0


def test_that_a_round_is_sent_out_once() -> None:
    actions.open_dispatch(1, [])
    actions.close_dispatch(1)
    with pytest.raises(Rejected) as refused:
        actions.open_dispatch(1, [])
    assert refused.value.reason is Refusal.ROUND_SENT
    assert queries.open_round() is None


def test_that_an_unknown_technique_refuses_the_whole_plan() -> None:
    with pytest.raises(Rejected) as refused:
        actions.open_dispatch(1, [MILLING, TaskDraft("alchemy", Decimal(1), Decimal(1))])
    assert (refused.value.reason, refused.value.detail) == (Refusal.UNKNOWN_TECHNIQUE, "alchemy")
    assert (Dispatch.objects.count(), Task.objects.count()) == (0, 0)


def test_that_only_a_running_round_is_closed() -> None:
    actions.open_dispatch(1, [])
    actions.close_dispatch(1)
    for number in (1, 2):
        with pytest.raises(Rejected) as refused:
            actions.close_dispatch(number)
        assert refused.value.reason is Refusal.NO_OPEN_ROUND
    assert (queries.open_round(), queries.latest_round()) == (None, 1)

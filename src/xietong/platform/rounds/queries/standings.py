"""Where each round stands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from ..models import Round, Scenario
from .pages import retold

ROUNDS_A_PAGE = 20


class Step(StrEnum):
    """What moves a round on, and is done by who holds the planning duty."""

    BEGIN_DRAFTING = "begin-drafting"
    DRAFT_AGAIN = "draft-again"
    END_VOTE = "end-vote"
    CLOSE = "close"


@dataclass(frozen=True)
class Standing:
    """Where a round stands; `chosen` is the scenario adopted for it, once one is."""

    number: int
    state: Round.State
    days: int
    horizon: int
    opened_at: datetime
    changed_at: datetime
    trouble: str
    motion: UUID | None
    vote_open: bool
    chosen: Scenario | None

    @property
    def label(self) -> str:
        return str(self.state.label)

    @property
    def being_drafted(self) -> bool:
        return self.state == Round.State.DRAFTING and not self.trouble

    @property
    def next_step(self) -> Step | None:
        """What would move the round on; None while it waits for something else."""
        if self.state == Round.State.DRAFTING and self.trouble:
            return Step.DRAFT_AGAIN
        if self.state == Round.State.DECIDING and self.vote_open:
            return Step.END_VOTE
        return {
            Round.State.GATHERING: Step.BEGIN_DRAFTING,
            Round.State.RUNNING: Step.CLOSE,
        }.get(self.state)


def under_way() -> list[Standing]:
    """Rounds not yet closed, the one furthest on first."""
    found = _rounds().exclude(state=Round.State.CLOSED).order_by("number")
    return [_standing(each) for each in found]


def rounds(page: int | str = 1) -> "Page[Standing]":
    """All rounds, the newest first."""
    found = Paginator(_rounds(), ROUNDS_A_PAGE).get_page(page)
    return retold(found, [_standing(each) for each in found])


def standing_of(number: int) -> Standing:
    """Where a round stands. Raises Round.DoesNotExist."""
    return _standing(_rounds().get(number=number))


def numbers_with_a_plan() -> list[int]:
    """Rounds whose plan has been adopted and has begun to run, the newest first."""
    started = Round.objects.filter(state__in=[Round.State.RUNNING, Round.State.CLOSED])
    return list(started.values_list("number", flat=True))


def _rounds() -> "QuerySet[Round]":
    return Round.objects.select_related("motion", "adoption__scenario").defer(
        "adoption__scenario__economy", "adoption__scenario__plan"
    )


def _standing(found: Round) -> Standing:
    adoption = getattr(found, "adoption", None)
    return Standing(
        number=found.number,
        state=Round.State(found.state),
        days=found.days,
        horizon=found.horizon,
        opened_at=found.opened_at,
        changed_at=found.changed_at,
        trouble=found.trouble,
        motion=found.motion_id,
        vote_open=found.motion is not None and adoption is None,
        chosen=adoption.scenario if adoption else None,
    )

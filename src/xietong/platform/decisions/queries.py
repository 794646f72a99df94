"""Reading what is voted on and what was decided."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef

from xietong.platform.people.models import Person

from .models import Ballot, Motion, Option

MOTIONS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class OptionResult:
    """An option with its approvals, which are None while the vote is open."""

    option: Option
    approvals: int | None
    won: bool


def open_motions(person: Person | None = None) -> list[Motion]:
    """What can be voted on now, the newest first; `has_voted` says whether the person has."""
    motions = Motion.objects.filter(state=Motion.State.OPEN)
    own = Ballot.objects.filter(motion=OuterRef("pk"), person=person)
    return list(motions.annotate(has_voted=Exists(own)))


def motions_waiting_for(person: Person) -> list[Motion]:
    """What can be voted on now and the person has not voted on yet, the newest first."""
    own = Ballot.objects.filter(motion=OuterRef("pk"), person=person)
    return list(Motion.objects.filter(~Exists(own), state=Motion.State.OPEN))


def decided_motions(page: int | str = 1) -> "Page[Motion]":
    """What was decided, the newest first."""
    motions = Motion.objects.filter(state=Motion.State.DECIDED).order_by("-decided_at", "-id")
    return Paginator(motions.prefetch_related("options"), MOTIONS_A_PAGE).get_page(page)


def motion(id: UUID) -> Motion:
    """A motion with its options. Raises Motion.DoesNotExist."""
    return Motion.objects.prefetch_related("options").get(pk=id)


def results(motion: Motion) -> list[OptionResult]:
    """The options in their order, with what was counted once the motion is decided."""
    counts = motion.tally["counts"] if motion.tally else {}
    return [
        OptionResult(option, counts.get(option.key), option.key == motion.winner)
        for option in motion.options.all()
    ]


def ballot_of(person: Person, motion: Motion) -> frozenset[str] | None:
    """What the person agreed to, None if they have not voted; shown to nobody else."""
    choices = (
        Ballot.objects.filter(person=person, motion=motion)
        .values_list("choices", flat=True)
        .first()
    )
    return None if choices is None else frozenset(choices)

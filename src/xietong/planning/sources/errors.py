"""What is wrong with a source, said to people in their language."""

from xietong.planning.faults import PlanningError


class SourceError(PlanningError):
    """A source is unknown, missing, broken or does not balance; the sentence says where."""

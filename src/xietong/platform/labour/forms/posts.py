"""What a person fills in to state a skill, to ask for work, and to arrange a team's posts."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from xietong.platform.ui.formats import localname

from ..models import FULL_WEEK, LONGEST_TURN, PersonSkill, Post, Skill
from .hours import HoursField, in_hours


class SkillForm(forms.Form):
    skill = forms.ChoiceField(label=gettext_lazy("Skill"))
    certificate = forms.CharField(
        label=gettext_lazy("Certificate"),
        help_text=gettext_lazy("Of which course, if there is one; who confirms it will ask."),
        max_length=PersonSkill._meta.get_field("certificate").max_length,
        required=False,
    )

    def __init__(self, skills: Sequence[Skill], data: Any = None) -> None:
        super().__init__(data)
        self.fields["skill"] = forms.ChoiceField(
            label=gettext_lazy("Skill"),
            choices=[(skill.code, localname(skill)) for skill in skills],
        )


class WishForm(forms.Form):
    """How much work a person wants, of what sort, and in which order they like what they chose."""

    hours = HoursField(
        label=gettext_lazy("Hours a week, at most"),
        help_text=gettext_lazy("40 is a full week; less is part-time."),
    )
    learns = forms.BooleanField(
        label=gettext_lazy("I also take work that I first have to learn"), required=False
    )
    anything = forms.BooleanField(
        label=gettext_lazy("I also gladly take what I did not choose"), required=False
    )
    moves = forms.BooleanField(
        label=gettext_lazy("I am willing to move to another region"),
        help_text=gettext_lazy(
            "Otherwise work in the region where you live comes first, and what you chose elsewhere."
        ),
        required=False,
    )

    def __init__(
        self,
        chosen: Sequence[tuple[UUID, str]],
        data: Any = None,
        *,
        minutes: int = FULL_WEEK,
        learns: bool = True,
        anything: bool = False,
        moves: bool = False,
    ) -> None:
        super().__init__(
            data,
            initial={
                "hours": in_hours(minutes),
                "learns": learns,
                "anything": anything,
                "moves": moves,
            },
        )
        self.chosen = {f"rank-{post}": post for post, _ in chosen}
        ranks = [(str(rank), str(rank)) for rank in range(1, len(chosen) + 1)]
        for rank, (name, (_, label)) in enumerate(zip(self.chosen, chosen, strict=True), start=1):
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=[*ranks, ("", gettext_lazy("take it off my list"))],
                initial=str(rank),
                required=False,
            )

    @property
    def choices(self) -> list[UUID]:
        """The posts kept, the dearest first; of two with one rank, the one that was dearer."""
        ranked = [(self.cleaned_data[name], post) for name, post in self.chosen.items()]
        kept = [(int(rank), post) for rank, post in ranked if rank]
        return [post for _, post in sorted(kept, key=lambda one: one[0])]


class ArrangeForm(forms.Form):
    """Whole places of a post, to be shared or taken in turn."""

    post = forms.ChoiceField()
    kind = forms.ChoiceField(
        label=gettext_lazy("From now on"),
        choices=[(kind.value, kind.label) for kind in (Post.Kind.SHARED, Post.Kind.ROTATING)],
    )
    holders = forms.IntegerField(
        label=gettext_lazy("Persons to a place"), min_value=2, max_value=LONGEST_TURN, initial=2
    )
    places = forms.IntegerField(
        label=gettext_lazy("Places of 40 hours"), min_value=1, max_value=10_000, initial=1
    )

    def __init__(self, posts: Sequence[tuple[UUID, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["post"] = forms.ChoiceField(
            label=gettext_lazy("Work"), choices=[(str(post), label) for post, label in posts]
        )


class MixForm(forms.Form):
    """The percentage of an enterprise's hours that each skill takes."""

    def __init__(self, skills: Sequence[tuple[Skill, Decimal | None]], data: Any = None) -> None:
        super().__init__(data)
        self.codes = {f"share-{skill.code}": skill.code for skill, _ in skills}
        for name, (skill, share) in zip(self.codes, skills, strict=True):
            self.fields[name] = forms.DecimalField(
                label=localname(skill),
                min_value=0,
                max_value=100,
                decimal_places=2,
                initial=f"{(share * 100).normalize():f}" if share else None,
                required=False,
            )

    @property
    def shares(self) -> dict[str, Decimal]:
        percents = {code: self.cleaned_data[name] for name, code in self.codes.items()}
        return {code: percent / 100 for code, percent in percents.items() if percent}

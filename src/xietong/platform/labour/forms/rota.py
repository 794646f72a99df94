"""What a person fills in to announce a rota, or to be excused from public service."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xietong.platform.ui.formats import localname

from ..models import WEEKS_A_ROUND, Exemption, Part, Service, Skill
from ..rules.rota import MOST_ROUNDS_EXEMPT


class AnnouncementForm(forms.Form):
    """Of each service the skill it needs this time, and the parts of the day in which it is served.

    A part in which none of its turns begins is not there to choose.
    """

    round_number = forms.IntegerField(label=_("Round"), min_value=1, max_value=2**31 - 1)
    weeks = forms.IntegerField(
        label=_("Weeks"), min_value=1, max_value=WEEKS_A_ROUND, initial=WEEKS_A_ROUND
    )

    def __init__(
        self, *args: Any, services: Iterable[Service], skills: Iterable[Skill], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.services = list(services)
        any_skill = [
            ("", gettext("no skill")),
            *((skill.code, localname(skill)) for skill in skills),
        ]
        for service in self.services:
            name = {"service": localname(service)}
            self.fields[f"skill_{service.code}"] = forms.ChoiceField(
                label=gettext("%(service)s: one on each turn has this skill") % name,
                required=False,
                choices=any_skill,
                initial=service.skill_id or "",
            )
            parts = {Part.of(start) for start in service.starts}
            self.fields[f"parts_{service.code}"] = forms.MultipleChoiceField(
                label=gettext("%(service)s: served in these parts of the day") % name,
                required=False,
                choices=[(part.value, part.label) for part in Part if part in parts],
                initial=sorted(parts),
                widget=forms.CheckboxSelectMultiple,
            )

    def asked(self) -> dict[str, Any]:
        """What `actions.announce_rota` takes. Only of a valid form."""
        given = self.cleaned_data
        codes = [service.code for service in self.services]
        return {
            "round_number": given["round_number"],
            "weeks": given["weeks"],
            "skills": {code: given[f"skill_{code}"] or None for code in codes},
            "parts": {code: given[f"parts_{code}"] for code in codes},
        }


class ExemptionForm(forms.Form):
    kind = forms.ChoiceField(label=_("Reason"), choices=Exemption.Kind.choices)
    reason = forms.CharField(
        label=_("In your own words"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only who decides reads this. It is deleted when it is decided."),
    )
    first_round = forms.IntegerField(label=_("From round"), min_value=1, max_value=2**31 - 1)
    rounds = forms.IntegerField(
        label=_("For so many rounds"), min_value=1, max_value=MOST_ROUNDS_EXEMPT
    )
    appeals = forms.UUIDField(required=False, widget=forms.HiddenInput())

    def asked(self) -> dict[str, Any]:
        """What `actions.ask_exemption` takes. Only of a valid form."""
        given = self.cleaned_data
        return {
            "kind": Exemption.Kind(given["kind"]),
            "reason": given["reason"],
            "first_round": given["first_round"],
            "last_round": given["first_round"] + given["rounds"] - 1,
            "appeals": given["appeals"],
        }

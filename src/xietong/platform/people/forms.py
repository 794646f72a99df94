"""What people fill in about themselves."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .models import NEEDS, Ground


class SignInForm(AuthenticationForm):
    error_messages = {"invalid_login": _("The name and the password do not fit together.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Name to sign in by")


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("At least eight characters that nobody would guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class EnrolmentForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    username = forms.CharField(
        label=_("Name to sign in by"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    ground = forms.ChoiceField(label=_("The person"), choices=Ground.choices)
    born = forms.DateField(
        label=_("Day of birth"),
        required=False,
        help_text=_("A child's allowance and a pension begin and end with it by themselves."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    parents = forms.CharField(
        label=_("Parents of a newborn"),
        required=False,
        help_text=_("The names by which they sign in, with spaces between them."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    password = forms.CharField(
        label=_("First password"),
        strip=False,
        help_text=_("Tell it to the person, who changes it after signing in."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ClaimForm(forms.Form):
    ground = forms.ChoiceField(
        label=pgettext_lazy("recognised", "Need"),
        choices=[choice for choice in Ground.choices if choice[0] in NEEDS],
    )
    from_round = forms.IntegerField(label=_("From round"), min_value=1, max_value=10**6)
    until_round = forms.IntegerField(
        label=_("Until the end of round"),
        required=False,
        min_value=1,
        max_value=10**6,
        help_text=_("Leave it empty if you do not know."),
    )
    beside_work = forms.BooleanField(
        label=_("I go on working beside it"),
        required=False,
        help_text=_("Some needs bring a smaller share to who works."),
    )
    why = forms.CharField(
        label=_("Why"),
        max_length=2000,
        help_text=_("Read by who decides, and by nobody else."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class InviteForm(forms.Form):
    username = forms.CharField(
        label=_("Name to sign in by"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )

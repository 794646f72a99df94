"""What people fill in about themselves."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from .models import Ground


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
    password = forms.CharField(
        label=_("First password"),
        strip=False,
        help_text=_("Tell it to the person, who changes it after signing in."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

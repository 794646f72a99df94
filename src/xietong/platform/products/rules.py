"""Why products are refused, and the key by which Chinese names sort and are found."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pypinyin import lazy_pinyin

from xietong.platform.base import Reason

from .models import Product


class Refusal(Reason):
    CODE_TAKEN = "code_taken"
    QUOTA_AND_MODE_DISAGREE = "quota_and_mode_disagree"
    TRIAL_RUNNING = "trial_running"
    NOT_ONE_STEP = "not_one_step"
    NO_TRIAL = "no_trial"
    UNKNOWN_REGION = "unknown_region"

    @classmethod
    def labels(cls) -> dict[str, Promise]:
        return {
            cls.CODE_TAKEN: _("There is something by this code already"),
            cls.QUOTA_AND_MODE_DISAGREE: _(
                "A quota belongs to products distributed by quota, and to no others"
            ),
            cls.TRIAL_RUNNING: _("A trial of this product is running"),
            cls.NOT_ONE_STEP: _("A trial is one step ahead: from credits to quota, or to free"),
            cls.NO_TRIAL: _("No trial of this product is running"),
            cls.UNKNOWN_REGION: _("There is no such region"),
        }


def pinyin(name: str) -> str:
    """The syllables of a Chinese name without tones, then its initials: ``dao mi |dm``.

    What is not Chinese stays as it is, in lower case.
    """
    syllables = [part.strip().lower() for part in lazy_pinyin(name) if part.strip()]
    return f"{' '.join(syllables)} |{''.join(syllable[0] for syllable in syllables)}"


def quota_fits(mode: str, quota: int | None) -> bool:
    """Whether the quota is there just when the product is distributed by quota."""
    return (mode == Product.Mode.QUOTA) == (quota is not None)


@dataclass(frozen=True, slots=True)
class Terms:
    """The rule by which a product reaches one person in a round.

    `most` is the fair share of what is free, in units; None where it has no limit. `percent` of it,
    or of the `quota`, is this person's.
    """

    mode: str
    quota: int | None
    most: int | None
    on_trial: bool = False
    percent: int = 100

    @property
    def limit(self) -> int | None:
        """Units that the person may order in the round, whole; None without limit."""
        usual = self.quota if self.mode == Product.Mode.QUOTA else self.most
        return None if usual is None else usual * self.percent // 100

    @property
    def label(self) -> str:
        """How the product reaches the person, in the reader's language."""
        return str(Product.Mode(self.mode).label)


def next_mode(mode: str) -> str | None:
    """The next step towards need; None where a product is free already."""
    return {"credits": "quota", "quota": "free"}.get(mode)


def mode_before(mode: str) -> str | None:
    """The step back; None where a product costs credits already."""
    return {"free": "quota", "quota": "credits"}.get(mode)

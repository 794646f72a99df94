"""Why products are refused, and the key by which Chinese names sort and are found."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pypinyin import lazy_pinyin

from xietong.platform.base import Reason

from .models import Product


class Refusal(Reason):
    CODE_TAKEN = "code_taken"
    QUOTA_AND_MODE_DISAGREE = "quota_and_mode_disagree"

    @classmethod
    def labels(cls) -> dict[str, Promise]:
        return {
            cls.CODE_TAKEN: _("There is something by this code already"),
            cls.QUOTA_AND_MODE_DISAGREE: _(
                "A quota belongs to products distributed by quota, and to no others"
            ),
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

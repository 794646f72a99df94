"""The only code that writes persons, duties, needs and households, one file a use case."""

from .households import (
    accept_invitation,
    decline_invitation,
    form_households,
    invite,
    leave_household,
)
from .needs import (
    answer_appeal,
    answer_claim,
    appeal,
    claim_need,
    end_need,
    set_need_rule,
    turn_needs,
)
from .roll import (
    TOKEN_LIFETIME,
    NewPerson,
    change_password,
    end_duty,
    enrol,
    enrol_by,
    enrol_many,
    forget_requests,
    give_duty,
    hash_of,
    make_token,
    revoke_token,
)

__all__ = [
    "TOKEN_LIFETIME",
    "NewPerson",
    "accept_invitation",
    "answer_appeal",
    "answer_claim",
    "appeal",
    "change_password",
    "claim_need",
    "decline_invitation",
    "end_duty",
    "end_need",
    "enrol",
    "enrol_by",
    "enrol_many",
    "forget_requests",
    "form_households",
    "give_duty",
    "hash_of",
    "invite",
    "leave_household",
    "make_token",
    "revoke_token",
    "set_need_rule",
    "turn_needs",
]

"""What changes in labour: hours, skills, posts, who has them, and shifts."""

from .applications import (
    accept_offer,
    apply,
    decline_offer,
    give_notice,
    match_applications,
    withdraw_application,
)
from .hours import certify, log_hours, log_team_hours
from .posts import Assigned, arrange_post, assign_many, open_posts
from .shifts import (
    answer_swap,
    ask_swap,
    drop_shift,
    leave_shift,
    plan_shift,
    take_shift,
    withdraw_swap,
)
from .skills import (
    SkillDraft,
    add_skills,
    confirm_skill,
    set_skill_mix,
    set_skill_mixes,
    state_skill,
    withdraw_skill,
)

__all__ = [
    "Assigned",
    "SkillDraft",
    "accept_offer",
    "add_skills",
    "answer_swap",
    "apply",
    "arrange_post",
    "ask_swap",
    "assign_many",
    "certify",
    "confirm_skill",
    "decline_offer",
    "drop_shift",
    "give_notice",
    "leave_shift",
    "log_hours",
    "log_team_hours",
    "match_applications",
    "open_posts",
    "plan_shift",
    "set_skill_mix",
    "set_skill_mixes",
    "state_skill",
    "take_shift",
    "withdraw_application",
    "withdraw_skill",
    "withdraw_swap",
]

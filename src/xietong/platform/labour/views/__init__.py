"""Pages of hours, skills, posts and shifts."""

from .hours import (
    enterprise_hours,
    log_hours,
    my_enterprise,
    team_hours,
    week_of_work,
    withdraw_dispute,
)
from .posts import (
    answer_offer,
    arrange_post,
    give_notice,
    my_application,
    one_opening,
    openings,
    set_skill_mix,
    withdraw_application,
)
from .shifts import answer_swap, ask_swap, change_shift, plan_shift
from .skills import confirm_skill, my_skills, withdraw_skill

__all__ = [
    "answer_offer",
    "answer_swap",
    "arrange_post",
    "ask_swap",
    "change_shift",
    "confirm_skill",
    "enterprise_hours",
    "give_notice",
    "log_hours",
    "my_application",
    "my_enterprise",
    "my_skills",
    "one_opening",
    "openings",
    "plan_shift",
    "set_skill_mix",
    "team_hours",
    "week_of_work",
    "withdraw_application",
    "withdraw_dispute",
    "withdraw_skill",
]

"""The only code that writes hours and disputes, skills, posts, shifts and the duty rota."""

from .applications import (
    accept_offer,
    apply,
    decline_offer,
    give_notice,
    match_applications,
    withdraw_application,
)
from .corrections import correct_hours
from .disputes import (
    attend_disputes,
    decide_due_dispute,
    open_dispute,
    vote_on_dispute,
    withdraw_dispute,
)
from .drawing import ask_draw, draw_asked, draw_rota
from .exemptions import ask_exemption, decide_exemption
from .hours import certify, log_hours, log_team_hours
from .posts import Assigned, arrange_post, assign_many, open_posts
from .rota import add_service, announce_rota
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
from .turns import (
    agree_exchange,
    confirm_turn,
    decline_exchange,
    offer_turn,
    propose_exchange,
    take_turn,
    volunteer,
    withdraw_offer,
)

__all__ = [
    "Assigned",
    "SkillDraft",
    "accept_offer",
    "add_service",
    "add_skills",
    "agree_exchange",
    "announce_rota",
    "answer_swap",
    "apply",
    "arrange_post",
    "ask_draw",
    "ask_exemption",
    "ask_swap",
    "assign_many",
    "attend_disputes",
    "certify",
    "confirm_skill",
    "confirm_turn",
    "correct_hours",
    "decide_due_dispute",
    "decide_exemption",
    "decline_exchange",
    "decline_offer",
    "draw_asked",
    "draw_rota",
    "drop_shift",
    "give_notice",
    "leave_shift",
    "log_hours",
    "log_team_hours",
    "match_applications",
    "offer_turn",
    "open_dispute",
    "open_posts",
    "plan_shift",
    "propose_exchange",
    "set_skill_mix",
    "set_skill_mixes",
    "state_skill",
    "take_shift",
    "take_turn",
    "volunteer",
    "vote_on_dispute",
    "withdraw_application",
    "withdraw_dispute",
    "withdraw_offer",
    "withdraw_skill",
    "withdraw_swap",
]

from django.urls import path

from . import views
from .views import my_enterprise, rota

urlpatterns = [
    path("enterprise/", my_enterprise, {"tab": "tasks"}, name="enterprise"),
    path("enterprise/stock/", my_enterprise, {"tab": "stock"}, name="my-stock"),
    path("enterprise/members/", my_enterprise, {"tab": "members"}, name="my-team"),
    path("enterprise/posts/", my_enterprise, {"tab": "posts"}, name="my-posts"),
    path("enterprise/posts/arrange/", views.arrange_post, name="arrange-post"),
    path("enterprise/posts/skills/", views.set_skill_mix, name="set-skill-mix"),
    path("enterprise/shifts/", my_enterprise, {"tab": "shifts"}, name="my-shifts"),
    path("enterprise/shifts/plan/", views.plan_shift, name="plan-shift"),
    path("enterprise/shifts/change/", views.change_shift, name="change-shift"),
    path("enterprise/shifts/swap/", views.ask_swap, name="ask-swap"),
    path("enterprise/shifts/answer/", views.answer_swap, name="answer-swap"),
    path("enterprise/reports/", my_enterprise, {"tab": "reports"}, name="my-reports"),
    path("enterprise/disputes/", my_enterprise, {"tab": "disputes"}, name="my-disputes"),
    path(
        "enterprise/disputes/<uuid:dispute>/withdraw/",
        views.withdraw_dispute,
        name="withdraw-dispute",
    ),
    path("enterprise/hours/", views.team_hours, name="team-hours"),
    path("enterprise/hours/<uuid:record>/", views.week_of_work, name="week-of-work"),
    path("enterprises/<slug:code>/hours/", views.enterprise_hours, name="enterprise-hours"),
    path("work/hours/", views.log_hours, name="work-hours"),
    path("rota/", rota.mine, name="rota"),
    path("rota/act/", rota.act, name="rota-act"),
    path("rota/announce/", rota.announce, name="rota-announce"),
    path("rota/exemptions/", rota.exemptions, name="rota-exemptions"),
    path("rota/<int:round_number>/", rota.of_round, name="rota-of-round"),
    path("rota/<int:round_number>/file/", rota.file, name="rota-file"),
    path("work/skills/", views.my_skills, name="my-skills"),
    path("work/skills/confirm/", views.confirm_skill, name="confirm-skill"),
    path("work/skills/withdraw/", views.withdraw_skill, name="withdraw-skill"),
    path("openings/", views.openings, name="openings"),
    path("openings/mine/", views.my_application, name="my-application"),
    path("openings/withdraw/", views.withdraw_application, name="withdraw-application"),
    path("openings/answer/", views.answer_offer, name="answer-offer"),
    path("openings/notice/", views.give_notice, name="give-notice"),
    path("openings/<uuid:post_id>/", views.one_opening, name="opening"),
]

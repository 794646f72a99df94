from django.urls import path

from . import views
from .views import my_enterprise

urlpatterns = [
    path("enterprise/", my_enterprise, {"tab": "tasks"}, name="enterprise"),
    path("enterprise/stock/", my_enterprise, {"tab": "stock"}, name="my-stock"),
    path("enterprise/members/", my_enterprise, {"tab": "members"}, name="my-team"),
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
]

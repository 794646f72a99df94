from django.urls import path

from . import rota_views, views
from .views import my_enterprise

urlpatterns = [
    path("enterprise/", my_enterprise, {"tab": "tasks"}, name="enterprise"),
    path("enterprise/stock/", my_enterprise, {"tab": "stock"}, name="my-stock"),
    path("enterprise/members/", my_enterprise, {"tab": "members"}, name="my-team"),
    path("enterprise/reports/", my_enterprise, {"tab": "reports"}, name="my-reports"),
    path("enterprise/hours/", views.team_hours, name="team-hours"),
    path("work/hours/", views.log_hours, name="work-hours"),
    path("rota/", rota_views.mine, name="rota"),
    path("rota/act/", rota_views.act, name="rota-act"),
    path("rota/exemptions/", rota_views.exemptions, name="rota-exemptions"),
    path("rota/<int:round_number>/", rota_views.of_round, name="rota-of-round"),
    path("rota/<int:round_number>/file/", rota_views.file, name="rota-file"),
]

from django.urls import path

from . import views

urlpatterns = [
    path("enterprise/", views.my_enterprise, name="enterprise"),
    path("enterprise/hours/", views.team_hours, name="team-hours"),
    path("work/hours/", views.log_hours, name="work-hours"),
]

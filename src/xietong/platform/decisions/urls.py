from django.urls import path

from . import views

urlpatterns = [
    path("decisions/", views.decisions, name="decisions"),
    path("decisions/new/", views.put_to_vote, name="put-to-vote"),
    path("decisions/new/allowance/", views.put_allowance_to_vote, name="put-allowance-to-vote"),
    path("decisions/<uuid:motion_id>/", views.decision, name="decision"),
    path("decisions/<uuid:motion_id>/ballot/", views.vote, name="vote"),
    path("decisions/<uuid:motion_id>/end/", views.end_vote, name="end-vote"),
]

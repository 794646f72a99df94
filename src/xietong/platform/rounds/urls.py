from django.urls import path

from . import views
from .dial import views as dial

urlpatterns = [
    path("dial/", dial.set_dial, name="dial"),
    path("dial/<uuid:reading_id>/", dial.reading, name="dial-reading"),
    path("dial/<uuid:reading_id>/vote/", dial.put_to_vote, name="dial-vote"),
    path("round/", views.where_we_are, name="round"),
    path("round/<int:number>/", views.one_round, name="one-round"),
    path("round/<int:number>/next/", views.next_step, name="round-next"),
    path("round/<int:number>/<slug:key>/", views.scenario, name="scenario"),
    path("round/<int:number>/<slug:key>/tasks/", views.scenario_tasks, name="scenario-tasks"),
    path("round/<int:number>/<slug:key>/economy.zip", views.economy_file, name="economy-file"),
    path("round/<int:number>/<slug:key>/plan.zip", views.plan_file, name="plan-file"),
    path("round/<int:number>/<slug:key>/<str:need>/", views.scenario_need, name="scenario-need"),
]

from django.urls import path

from . import views

urlpatterns = [
    path("round/", views.where_we_are, name="round"),
    path("round/<int:number>/", views.one_round, name="one-round"),
    path("round/<int:number>/next/", views.next_step, name="round-next"),
    path("round/<int:number>/<slug:key>/", views.scenario, name="scenario"),
    path("round/<int:number>/<slug:key>/tasks/", views.scenario_tasks, name="scenario-tasks"),
    path("round/<int:number>/<slug:key>/economy.zip", views.economy_file, name="economy-file"),
    path("round/<int:number>/<slug:key>/plan.zip", views.plan_file, name="plan-file"),
    path("round/<int:number>/<slug:key>/<str:need>/", views.scenario_need, name="scenario-need"),
]

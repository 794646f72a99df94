from django.urls import path

from . import views

urlpatterns = [
    path("towards-need/", views.towards_need, name="towards-need"),
    path("towards-need/home-region/", views.live_in, name="live-in"),
    path("towards-need/of/<str:code>/", views.dossier, name="dossier"),
    path("towards-need/of/<str:code>/trial/", views.start_trial, name="start-trial"),
    path("towards-need/of/<str:code>/vote/", views.put_to_vote, name="put-step-to-vote"),
]

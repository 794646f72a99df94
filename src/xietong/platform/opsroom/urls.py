from django.urls import path

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("opsroom/", views.opsroom, name="opsroom"),
]

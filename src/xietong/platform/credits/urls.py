from django.urls import path

from . import views

urlpatterns = [
    path("credits/", views.account, name="credits"),
    path("allowances/", views.allowances, name="allowances"),
    path("work/", views.work, name="work"),
    path("work/certify/", views.certify, name="certify"),
]

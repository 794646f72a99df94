from django.urls import path

from . import views

urlpatterns = [
    path("credits/", views.account, name="credits"),
    path("credits/factors/", views.factors, name="factors"),
    path("enterprise/disputes/<uuid:dispute>/vote/", views.vote_on_dispute, name="vote-on-dispute"),
    path("allowances/", views.allowances, name="allowances"),
    path("work/", views.work, name="work"),
    path("work/certify/", views.certify, name="certify"),
]

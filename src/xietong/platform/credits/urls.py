from django.urls import path

from . import views

urlpatterns = [
    path("credits/", views.account, name="credits"),
    path("credits/factors/", views.factors, name="factors"),
    path("enterprise/disputes/<uuid:dispute>/vote/", views.vote_on_dispute, name="vote-on-dispute"),
    path("allowances/", views.allowances, name="allowances"),
    path("payout/", views.latest_payout, name="latest-payout"),
    path("payout/<int:number>/", views.payout, name="payout"),
    path("payout/<int:number>/payout.zip", views.payout_files, name="payout-file"),
    path("prices/", views.prices, name="prices"),
    path("work/", views.work, name="work"),
    path("work/certify/", views.certify, name="certify"),
]

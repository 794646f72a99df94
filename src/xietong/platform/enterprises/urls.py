from django.urls import path

from . import views

urlpatterns = [
    path("enterprises/", views.enterprises, name="enterprises"),
    path("enterprises/<slug:code>/", views.one_enterprise, name="one-enterprise"),
    path("enterprise/made/", views.report_output, name="report-output"),
    path("enterprise/used/", views.report_use, name="report-use"),
]

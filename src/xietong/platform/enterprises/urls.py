from django.urls import path

from . import views
from .views import one_enterprise

urlpatterns = [
    path("enterprises/", views.enterprises, name="enterprises"),
    path("enterprises/<slug:code>/", one_enterprise, {"tab": "tasks"}, name="one-enterprise"),
    path(
        "enterprises/<slug:code>/stock/", one_enterprise, {"tab": "stock"}, name="enterprise-stock"
    ),
    path(
        "enterprises/<slug:code>/reports/",
        one_enterprise,
        {"tab": "reports"},
        name="enterprise-reports",
    ),
    path("enterprise/made/", views.report_output, name="report-output"),
    path("enterprise/used/", views.report_use, name="report-use"),
]

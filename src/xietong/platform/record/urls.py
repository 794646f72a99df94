from django.urls import path

from . import views

urlpatterns = [
    path("record/", views.record, name="record"),
    path("record/export.jsonl", views.export, name="record-export"),
    path("record/parameters/", views.parameters, name="parameters"),
]

from django.urls import path

from . import views

urlpatterns = [
    path("catalogue/", views.catalogue, name="catalogue"),
    path("catalogue/<str:code>/", views.product, name="product"),
    path("basket/", views.basket, name="basket"),
    path("basket/add/", views.add, name="basket-add"),
    path("basket/standing/", views.standing, name="standing"),
    path("basket/<int:round_number>/", views.past_order, name="past-order"),
    path("collection/", views.collection, name="collection"),
]

from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "xietong.platform.products"
    label = "products"

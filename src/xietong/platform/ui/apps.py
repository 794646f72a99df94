from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "xietong.platform.ui"
    label = "ui"

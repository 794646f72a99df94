from django.apps import AppConfig


class NeedsConfig(AppConfig):
    name = "xietong.platform.needs"
    label = "needs"

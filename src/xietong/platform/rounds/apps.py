from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "xietong.platform.rounds"
    label = "rounds"

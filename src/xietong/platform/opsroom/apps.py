from django.apps import AppConfig


class OpsroomConfig(AppConfig):
    name = "xietong.platform.opsroom"
    label = "opsroom"

from django.apps import AppConfig


class LabourConfig(AppConfig):
    name = "xietong.platform.labour"
    label = "labour"

from django.apps import AppConfig


class CreditsConfig(AppConfig):
    name = "xietong.platform.credits"
    label = "credits"

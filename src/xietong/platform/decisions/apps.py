from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "xietong.platform.decisions"
    label = "decisions"

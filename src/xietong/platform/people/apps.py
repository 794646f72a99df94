from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "xietong.platform.people"
    label = "people"

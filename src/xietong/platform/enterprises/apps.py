from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    name = "xietong.platform.enterprises"
    label = "enterprises"

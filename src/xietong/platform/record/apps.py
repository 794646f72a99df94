from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "xietong.platform.record"
    label = "record"

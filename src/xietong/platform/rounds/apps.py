from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "xietong.platform.rounds"
    label = "rounds"

    def ready(self) -> None:
        from . import effects  # noqa: F401

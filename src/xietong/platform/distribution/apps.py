from django.apps import AppConfig


class DistributionConfig(AppConfig):
    name = "xietong.platform.distribution"
    label = "distribution"

    def ready(self) -> None:
        from . import effects  # noqa: F401

from django.apps import AppConfig


class WatchingConfig(AppConfig):
    name = "lmp.watching"

    def ready(self) -> None:
        from lmp.watching import checks  # noqa: F401 – registers itself with Django

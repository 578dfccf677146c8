from django.apps import AppConfig


class LogsConfig(AppConfig):
    name = "parts.logs"

    def ready(self) -> None:
        from parts.logs import reporting

        reporting.start_sentry()

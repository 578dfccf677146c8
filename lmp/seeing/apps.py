from django.apps import AppConfig


class SeeingConfig(AppConfig):
    name = "lmp.seeing"

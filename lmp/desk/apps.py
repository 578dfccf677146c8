from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "lmp.desk"

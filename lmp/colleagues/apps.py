from django.apps import AppConfig


class ColleaguesConfig(AppConfig):
    name = "lmp.colleagues"

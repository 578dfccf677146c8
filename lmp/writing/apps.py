from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WritingConfig(AppConfig):
    name = "lmp.writing"
    verbose_name = _("Skrevet av ansatte")

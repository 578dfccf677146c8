from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WelcomeConfig(AppConfig):
    name = "lmp.welcome"
    verbose_name = _("Velkomstbrev")

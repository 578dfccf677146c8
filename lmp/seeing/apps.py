from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SeeingConfig(AppConfig):
    name = "lmp.seeing"
    verbose_name = _("Se som")

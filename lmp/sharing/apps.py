from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SharingConfig(AppConfig):
    name = "lmp.sharing"
    verbose_name = _("Dokumenter og nyheter")

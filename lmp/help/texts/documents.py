"""What is the same for everybody who is shared with."""

from django.utils.translation import gettext_lazy as _

from lmp.help.guides import Task

DOKUMENTER = Task(
    "dokumenter",
    title=_("Slik finner du dokumenter og nyheter"),
    steps=(
        _("Velg «Dokumenter og nyheter» øverst på siden."),
        _("Det nyeste står først. Det du ikke har åpnet, er merket «Ulest»."),
        _("Åpne innlegget for å lese det og laste ned filene."),
    ),
    wrong=(_("Finner du det ikke? Søk på tittelen, et ord i teksten eller navnet på fila."),),
)

"""The project's six sub-goals (the letter of welcome, page 1), in short: what a list or a choice has room for."""

from django.utils.translation import gettext_lazy as _

SUB_GOALS = [
    (1, _("Delmål 1: Tidlig innsats og helhet hos myndighet og eier")),
    (2, _("Delmål 2: Eier følger opp ledelsen")),
    (3, _("Delmål 3: Ledelsen utvikler en lærende organisasjon")),
    (4, _("Delmål 4: Forebygge, avdekke og håndtere mobbing og andre krenkelser")),
    (5, _("Delmål 5: Barn og foreldre er aktive deltakere")),
    (6, _("Delmål 6: PP-tjenesten støtter barnehager og skoler")),
]

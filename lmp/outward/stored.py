"""What the scripts store in a browser beside the four cookies, as the page about them tells it (ekomloven § 3-15).

tests/test_stored.py reads the scripts, and fails on a key that is not here.
"""

from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Stored(NamedTuple):
    key: str  # what the keys begin with
    place: str
    what: "_StrPromise"
    until: "_StrPromise"


STORED = [
    Stored(
        "lmp-log:",
        "localStorage",
        _("For veiledere: det du skriver i en logg, til den er sendt."),
        _("Slettes når du sender loggen eller logger ut, og når en annen logger inn."),
    ),
    Stored(
        "lmp-logs:",
        "Cache Storage",
        _(
            "For veiledere: skjemaene for loggene dine, så du kan åpne dem uten nett. "
            "Et lite program i nettleseren (en service worker) viser dem."
        ),
        _(
            "Skjemaene slettes når du logger ut, og når en annen logger inn. "
            "Programmet blir liggende, men har da ingenting å vise."
        ),
    ),
    Stored(
        "lmp-typed:",
        "sessionStorage",
        _("Det du har skrevet i et påmeldingsskjema, så det står der når du går tilbake til siden."),
        _("Slettes når du sender skjemaet, logger ut eller lukker fanen."),
    ),
]

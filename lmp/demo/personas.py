"""The people whom the demo's sign-in page offers to be: one of each kind."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import AddressChange, User
from lmp.demo.data.people import InventedPerson, person

CONTACT = person("Kari Kontaktmo", phone="00 00 10 01")
HEAD = person("Hanne Styrersen", phone="00 00 10 02")
PRINCIPAL = person("Rakel Rektorsen", phone="00 00 10 03")
SUPERVISOR = person("Vigdis Rettledal")
LEADER = person("Leiv Prosjekthaug")
OFFICER = person("Berit Fylkesvik")
STAFF = person("Signe Demodal")


@dataclass(frozen=True)
class Persona:
    key: str
    person: InventedPerson
    kind: Promise
    sees: Promise


PERSONAS = [
    Persona("contact", CONTACT, _("Kontaktperson i en kommune"), _("Indre Fosen skal bekrefte opplysningene sine.")),
    Persona("head", HEAD, _("Styrer i en barnehage"), _("En av enhetene i Indre Fosen.")),
    Persona("principal", PRINCIPAL, _("Rektor på en skole"), _("Skolen er i gang: veiledning og tiltak.")),
    Persona("supervisor", SUPERVISOR, _("Veileder"), _("Kommunene personen veileder.")),
    Persona(
        "leader",
        LEADER,
        _("Prosjektleder ved Læringsmiljøsenteret"),
        _("Setter sammen veiledergruppene, og ser hvor det er lenge siden siste møte."),
    ),
    Persona("officer", OFFICER, _("Statsforvalter"), _("Nominerer og følger kommunene i Trøndelag.")),
    Persona("staff", STAFF, _("Ansatt i Utdanningsdirektoratet"), _("Alle puljer og kommuner, og administrasjonen.")),
]


def by_key(key: str) -> Persona | None:
    return next((persona for persona in PERSONAS if persona.key == key), None)


def user_of(persona: Persona) -> User | None:
    """The person, whatever address they have by now: whoever tries the demo may have changed it, or merged them."""
    left = AddressChange.objects.filter(before=persona.person.email).order_by("pk").select_related("user").first()
    return User.objects.with_email(left.user.email if left else persona.person.email)

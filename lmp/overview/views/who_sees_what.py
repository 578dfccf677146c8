"""Who has access to a municipality, by function, and what each of them sees and does."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from guidance.models import GroupMember, ProjectLeader
from lmp.overview import access
from participants.models import Contact, GovernorContact, Participation


@dataclass(frozen=True)
class Sight:
    """Those with one function, by name, and what it lets them see and do."""

    title: str
    people: Sequence[str]
    sees: str
    does: str


@require_safe
def who_sees_what(request: PersonRequest, pk: int) -> HttpResponse:
    """For everybody who works with the municipality, its heads among them."""
    readable = access.letters(request.user).select_related("municipality__county__governor")
    participation = get_object_or_404(readable, pk=pk)
    context = {
        "participation": participation,
        "sights": _sights(participation),
        "sees_participation": access.participations(request.user).filter(pk=pk).exists(),
    }
    return render(request, "overview/who_sees_what.html", context)


def _sights(participation: Participation) -> list[Sight]:
    return [*_of_the_municipality(participation), *_of_the_guidance(participation), *_of_the_state(participation)]


def _of_the_municipality(participation: Participation) -> list[Sight]:
    contacts = list(Contact.objects.current().filter(participation=participation).select_related("unit"))
    agreed = _("Alt om kommunen og enhetene, og det som er avtalt i veiledningsmøtene. Ikke notatene til veilederne.")
    return [
        Sight(
            _("Eier, myndighet og faglig ansvarlige"),
            [f"{contact.name}, {contact.title}" for contact in contacts if contact.is_editor],
            agreed,
            _(
                "Bekrefter opplysningene, endrer kontaktpersoner, svarer om PP-tjenesten, melder på "
                "til samlinger og legger til tiltak."
            ),
        ),
        Sight(
            _("PP-tjenesten"),
            [contact.name for contact in contacts if contact.function == Contact.Function.PPT],
            agreed,
            _("Endrer ingenting i kommunen."),
        ),
        Sight(
            _("Styrere og rektorer"),
            [f"{contact.name}, {contact.title}, {contact.unit}" for contact in contacts if contact.unit_id],
            _(
                "Sin egen enhet, det som er avtalt i møter der enheten var med, velkomstbrevet, og hvem som er "
                "kontaktpersoner og veiledere."
            ),
            _(
                "Setter sammen prosjektgruppa, legger til og oppdaterer tiltak, og melder på "
                "til samlinger, for sin enhet."
            ),
        ),
        Sight(
            _("Deltakere på en samling"),
            [],
            _("Sin egen påmelding og samlingen. Det de trenger av mat og tilrettelegging, ser kommunen ikke."),
            _("Endrer sin egen påmelding, og evaluerer samlingen uten navn."),
        ),
    ]


def _of_the_guidance(participation: Participation) -> list[Sight]:
    members = GroupMember.objects.current().filter(group__participation=participation).select_related("supervisor")
    leaders = ProjectLeader.objects.current(today=timezone.localdate())
    return [
        Sight(
            _("Veiledere"),
            [str(member.supervisor) for member in members],
            _("Siden til kommunen, tiltakene og medvirkningen i enhetene, og loggene fra møtene med notatene."),
            _("Planlegger møter, skriver logg og legger til tiltak."),
        ),
        Sight(
            _("Prosjektledere ved Læringsmiljøsenteret"),
            [str(leader) for leader in leaders],
            _("Det samme som veilederne, i alle kommuner."),
            _("Setter sammen veiledergruppene."),
        ),
    ]


def _of_the_state(participation: Participation) -> list[Sight]:
    governor = participation.municipality.county.governor
    officers = GovernorContact.objects.reached().filter(governor=governor).select_related("user")
    held = _("Alt om kommunen og enhetene, og når, hvordan og om hva det er møter. Ikke hva dere blir enige om.")
    return [
        Sight(
            str(governor),
            [str(officer.user) for officer in officers.order_by("user__name", "pk")],
            held,
            _("Nominerer kommunen og registrerer svaret. Endrer ellers ingenting i kommunen."),
        ),
        Sight(
            _("Ansatte i Utdanningsdirektoratet"),
            [],
            held,
            _(
                "Leder prosjektet: sender brev, arrangerer samlingene og retter opplysninger. De som hjelper på "
                "telefon, kan se portalen som en av dere, uten å endre noe. Den det gjelder, får vite det på Min side."
            ),
        ),
    ]

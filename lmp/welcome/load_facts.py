"""From the rows of every app to what a letter names."""

from dataclasses import fields
from datetime import date

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone

from guidance.models import GroupMember
from lmp.outward.drawings import as_svg
from lmp.welcome.letter_facts import LetterContact, LetterFacts, LetterGathering, LetterUnit, LetterWording
from lmp.welcome.models import LetterText
from participants.models import Confirmation, Contact, Participation, Unit

WHOLE = ("owner", "authority", "kindergarten_lead", "school_lead", "ppt")


def with_people(participations: QuerySet[Participation]) -> QuerySet[Participation]:
    """What tells whether a letter can be sent, and to whom."""
    return participations.select_related("cohort", "municipality__county__governor").prefetch_related(
        Prefetch("units", Unit.objects.active()),
        Prefetch("contacts", Contact.objects.current().select_related("user", "unit")),
    )


def with_facts(participations: QuerySet[Participation]) -> QuerySet[Participation]:
    """All that the letters name, in the same few queries for one participation as for a whole cohort."""
    return with_people(participations).prefetch_related(
        "cohort__gatherings",
        "cohort__letter_texts",
        Prefetch("confirmations", Confirmation.objects.open()),
        Prefetch("guidance_group__members", GroupMember.objects.current().select_related("supervisor")),
    )


def letter_facts(participation: Participation, *, today: date, language: str = "") -> LetterFacts:
    """What the letter to this participation names. Load it through ``with_facts``.

    The letter is dated the day it was sent, and until then today.
    """
    cohort, municipality = participation.cohort, participation.municipality
    language = language or participation.language
    contacts = list(participation.contacts.all())
    # A municipality that has a day of its own is given that one, as its pages and the mail with the letter are.
    rounds = list(participation.confirmations.all())
    heads = {contact.unit_id: contact for contact in contacts if contact.function == Contact.Function.HEAD}
    sent_at = participation.welcomed_at
    return LetterFacts(
        language=language,
        dated=timezone.localdate(sent_at) if sent_at else today,
        cohort=cohort.number,
        first_year=cohort.first_year,
        starts_on=cohort.starts_on,
        municipality=municipality.name,
        designation=municipality.designation,
        official_name=municipality.name_official,
        organisation_number=municipality.organisation_number,
        their_reference=participation.their_reference,
        postal_address=participation.postal_address,
        logo=as_svg(settings.LOGO_FILE) if settings.LOGO_FILE else "",
        governor=municipality.governor_name(on=cohort.starts_on),
        reply_by=rounds[0].due_on if rounds else cohort.confirm_by,
        reply_url=settings.SITE_URL + reverse("participants:confirm", args=[participation.pk]),
        help_address=settings.SUPPORT_EMAIL,
        gathering_label=cohort.gathering_label,
        case_number=participation.case_number,
        units=tuple(_unit(unit, heads.get(unit.pk)) for unit in participation.units.all()),
        contacts=tuple(
            LetterContact(contact.function, contact.name, contact.user.email, contact.phone)
            for function in WHOLE
            for contact in contacts
            if contact.unit_id is None and contact.function == function
        ),
        gatherings=tuple(
            LetterGathering(
                gathering.semester,
                gathering.starts_on,
                gathering.ends_on,
                gathering.venue,
                gathering.settled,
                tuple(gathering.audience),
            )
            for gathering in cohort.gatherings.all()
        ),
        supervisors=_supervisors(participation),
        wording=_wording(cohort.letter_texts.all(), language),
    )


def _unit(unit: Unit, head: Contact | None) -> LetterUnit:
    return LetterUnit(
        name=unit.name,
        kind=unit.kind,
        organisation_number=unit.organisation_number,
        head=head.name if head else "",
        children=unit.children,
        counted_on=unit.counted_on,
    )


def _supervisors(participation: Participation) -> tuple[str, ...]:
    group = getattr(participation, "guidance_group", None)
    return tuple(member.supervisor.name for member in group.members.all()) if group else ()


def _wording(texts: QuerySet[LetterText], language: str) -> LetterWording:
    own = next((text for text in texts if text.language == language), None)
    return LetterWording(**{field.name: getattr(own, field.name) for field in fields(LetterWording)} if own else {})

"""For each constraint that a form can meet, what is typed to meet it. {names} are the keys of the walk's own world."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

TODAY = timezone.localdate()
YESTERDAY, SOON, LATER = (TODAY + timedelta(days=days) for days in (-1, 20, 40))
GATHERING, SURE = "admin:gatherings_gathering_add", {"_confirmed": ""}


@dataclass(frozen=True)
class Case:
    """Typed once into a form that meets the constraint then, or twice, when what it stores the first time is met.

    `said`: what the page says that answers. "": it goes on as the first time did, and stores nothing more.
    """

    page: str
    typed: dict[str, Any]
    said: str = ""
    who: str = "staff"
    twice: bool = False
    of: str = "participation"  # the administration's own pages: which row of the world
    keys: dict[str, str | int] = field(default_factory=dict)  # other keys of the address than the walk's
    query: str = ""
    is_drawn: bool = True  # else it comes from a page that was opened before the other act: there is no form any more


def _gathering(said: str, **typed) -> Case:
    facts = {"cohort": "{cohort}", "kind": "gathering", "semester": "3", "settled": "tentative"}
    return Case(GATHERING, facts | typed, said)


def _twice(page: str, typed: dict[str, Any], said: str = "", *, who: str = "staff", **more) -> Case:
    return Case(page, typed, said, who, twice=True, **more)


NEW = {"name": "Nora Ny", "email": "nora.ny@example.no"}
COMING = NEW | {"starts_on": SOON.isoformat()} | SURE
UNIT = {"name": "Ny barnehage", "kind": "kindergarten", "ownership": "public", "organisation_number": "974760673"}
SFO = {"name": "Ny SFO", "kind": "sfo", "ownership": "public", "organisation_number": "974764687"}
SAME_NUMBER = "En annen enhet i kommunen har dette organisasjonsnummeret."
ANYWAY = SURE | {"sure": "on"}
KARI = {"name": "Kari Kontakt", "email": "kari.kontakt@example.no"}
HAS_IT = "Personen med denne adressen har allerede denne funksjonen."
AGREED = "Det er allerede avtalt at"
FIRST_COUNTS = "Svaret ditt var mottatt fra før, og bare det første teller."

CASES: dict[str, list[Case]] = {
    "welcome.LetterText.letter_text_once_a_language": [
        _twice(
            "admin:welcome_lettertext_add",
            {"cohort": "{cohort}", "language": "nb"},
            "Pulja har allerede tekster på denne målformen.",
        )
    ],
    "changes.Succession.one_coming_succession_of_a_contact": [
        Case("changes:replace_contact", COMING, AGREED, is_drawn=False)
    ],
    "changes.Succession.one_coming_succession_of_a_member": [
        _twice(
            "changes:replace_member",
            {"successor": "{other_supervisor}", "starts_on": SOON.isoformat()} | ANYWAY,
            AGREED,
        )
    ],
    "changes.Succession.one_coming_succession_of_a_leader": [_twice("changes:replace_leader", COMING, AGREED)],
    "changes.Succession.one_coming_succession_of_a_staff": [_twice("changes:replace_staff", COMING, AGREED)],
    "mailcalendar.MailPause.mailpause_ends_after_it_begins": [
        Case(
            "mailcalendar:pause",
            {
                "sted": "kommune-{participation}",
                "regel": "gatherings.reminder",
                "grunn": "Ferie",
                "fra": LATER.isoformat(),
                "til": SOON.isoformat(),
            },
            "Siste dag kan ikke være før første dag.",
        )
    ],
    "seeing.Viewing.one_sees_as_one_person_at_a_time": [_twice("seeing:begin", {"reason": "Hun ringte"})],
    "seeing.Viewing.nobody_sees_as_themselves": [
        Case("seeing:begin", {"reason": "Meg selv"}, "deg selv", keys={"pk": "employee"}, is_drawn=False)
    ],
    "seeing.Viewing.viewing_has_a_reason": [Case("seeing:begin", {"reason": " "}, "Svar på «Hvorfor trenger du det?»")],
    "colleagues.Resignation.nobody_takes_over_from_themselves": [
        Case(
            "colleagues:leave", {"ends_on": SOON.isoformat(), "heir": "{employee}"} | SURE, "Valget finnes ikke lenger."
        )
    ],
    "colleagues.Resignation.one_coming_resignation_of_a_person": [
        _twice(
            "colleagues:leave",
            {"ends_on": SOON.isoformat()} | SURE,
            "Det er avtalt at personen slutter",
            keys={"pk": "colleague"},
        )
    ],
    "sharing.Publication.a_publication_is_for_a_county_or_a_gathering": [
        Case(
            "sharing:new",
            {"cohort": "{cohort}", "gathering": "{gathering}", "county": "1", "title_nb": "Program"},
            "Velg enten en samling eller et fylke.",
        )
    ],
    "sharing.Publication.token": [_twice("sharing:new", {"cohort": "{cohort}", "title_nb": "Program"})],
    "gatherings.Gathering.one_gathering_a_semester": [
        _gathering("Pulja har allerede en samling i dette semesteret.", semester="1")
    ],
    "gatherings.Gathering.a_gathering_has_a_semester": [
        _gathering("En samling har et semester; oppstartssamlingen har ikke.", semester="")
    ],
    "gatherings.Gathering.a_gathering_ends_after_it_starts": [
        _gathering("Siste dag kan ikke være før første dag.", starts_on=LATER.isoformat(), ends_on=SOON.isoformat())
    ],
    "gatherings.Gathering.a_settled_gathering_has_a_date": [
        _gathering("En avklart samling må ha en dato.", settled="fixed")
    ],
    "gatherings.Gathering.registration_closes_after_it_opens": [
        _gathering(
            "Påmeldingsfristen kan ikke være før påmeldingen åpner.",
            opens_on=LATER.isoformat(),
            closes_on=SOON.isoformat(),
        )
    ],
    "gatherings.Gathering.registration_closes_before_it_starts": [
        _gathering(
            "Påmeldingsfristen kan ikke være etter første dag.",
            starts_on=SOON.isoformat(),
            opens_on=TODAY.isoformat(),
            closes_on=LATER.isoformat(),
        )
    ],
    "gatherings.Registration.registered_once_at_a_gathering": [
        _twice("gatherings:register", {"action": "register"}, "var påmeldt fra før", who="contact")
    ],
    "gatherings.Registration.a_decision_on_reimbursement_has_a_reason": [
        Case(
            "admin:gatherings_registration_reimbursement",
            {"reimbursement": "not_covered", "reason": " "},
            "Skriv en begrunnelse.",
            of="attended",
        )
    ],
    "gatherings.Answered.evaluated_once": [
        _twice(
            "gatherings:evaluation",
            dict.fromkeys(("useful", "concrete", "involved", "arranged"), "4"),
            FIRST_COUNTS,
            who="head",
        )
    ],
    "gatherings.Needs.registration": [_twice("gatherings:needs", {"food": "Ikke nøtter"}, who="head")],
    "gatherings.NobodyComes.answered_once_for_a_unit": [
        _twice(
            "gatherings:nobody_comes",
            {"places": "e{unit}", "note": "Ingen kan"},
            "Dette var svart fra før. Ingenting er endret.",
            who="contact",
        )
    ],
    "guidance.Supervisor.user": [
        Case(
            "guidance:add_supervisor",
            {"name": "Vera Veileder", "email": "vera.veileder@example.no", "employer": "centre"},
            "er allerede veileder",
        )
    ],
    "guidance.Leave.a_leave_ends_after_it_begins": [
        Case(
            "guidance:take_leave",
            {"first_on": LATER.isoformat(), "last_on": SOON.isoformat()},
            "Permisjonen slutter før den begynner",
        )
    ],
    "guidance.ProjectLeader.user": [
        Case(
            "admin:guidance_projectleader_add",
            {"user": "{leaders_person}", "name": "Liv Leder", "started_on": TODAY.isoformat()},
            "Det finnes allerede en Prosjektleder ved Læringsmiljøsenteret med samme Person.",
        )
    ],
    "guidance.GroupMember.supervisor_once_in_a_group": [
        Case(
            "changes:replace_member",
            {"successor": "{kept_supervisor}", "starts_on": TODAY.isoformat()} | SURE,
            "Velg en veileder fra lista.",
        )
    ],
    "guidance.Composition.one_open_composition_in_a_cohort": [_twice("guidance:composition", {"begin": "1"})],
    "guidance.GuidanceSession.token": [
        _twice(
            "guidance:log_planned",
            {
                "held_on": TODAY.isoformat(),
                "themes": "change",
                "took_staff": "4",
                "worked_on": "Vi så på uteleken.",
                "action": "send",
            },
            who="supervisor",
        )
    ],
    "guidance.Measure.measure_ends_after_it_starts": [
        Case(
            "guidance:add_measure",
            {
                "what": "Felles rutine",
                "sub_goal": "1",
                "sources": "survey",
                "why": "Vi så uro",
                "starts_on": LATER.isoformat(),
                "ends_on": SOON.isoformat(),
            },
            "Tiltaket kan ikke slutte før det begynner.",
            "contact",
        )
    ],
    "guidance.Measure.token": [
        _twice(
            "guidance:add_measure",
            {"what": "Felles rutine", "sub_goal": "1", "sources": "survey", "why": "Vi så uro"},
            who="contact",
        )
    ],
    "guidance.PulseAnswered.pulse_answered_once": [_twice("guidance:pulse", {"use": "2"}, FIRST_COUNTS, who="head")],
    "participants.GovernorContact.governor_contact_once_at_a_time": [
        _twice("governor:add_person", NEW | SURE, "er registrert hos embetet")
    ],
    "participants.Cohort.number": [
        Case(
            "admin:participants_cohort_add",
            {
                "number": "9",
                "first_year": str(TODAY.year),
                "starts_on": SOON.isoformat(),
                "confirm_by": LATER.isoformat(),
            },
            "Det finnes allerede en Pulje med samme Nummer.",
        )
    ],
    "participants.Participation.municipality_once_in_a_cohort": [
        Case(
            "admin:participants_participation_add",
            {"cohort": "{cohort}", "municipality": "{municipality}"},
            "Kommunen er med i pulja fra før.",
        )
    ],
    "participants.Participation.political_level_informed_names_the_body": [
        Case(
            "participants:decisions",
            {"political_on": YESTERDAY.isoformat()},
            "Må fylles ut når politisk nivå er informert.",
            "contact",
        ),
    ],
    "participants.Unit.unit_once_in_a_participation": [
        Case("changes:add_unit", UNIT, SAME_NUMBER),
        Case("admin:participants_unit_add", UNIT | {"participation": "{participation}"}, SAME_NUMBER),
    ],
    "participants.Unit.sfo_once_in_a_participation": [_twice("changes:add_unit", SFO | SURE, SAME_NUMBER)],
    "participants.Contact.contact_once_in_a_unit": [
        Case(
            "participants:add_contact",
            {"function": "head", "unit": "{unit}", "name": "Hanne Styrer", "email": "hanne.styrer@example.no"},
            HAS_IT,
            "contact",
        )
    ],
    "participants.Contact.contact_once_in_a_municipality": [
        Case("participants:add_contact", {"function": "owner"} | KARI, HAS_IT, "contact"),
        Case(
            "admin:participants_contact_add",
            {"participation": "{participation}", "function": "owner"} | KARI,
            HAS_IT,
        ),
    ],
    "participants.Contact.only_a_head_is_for_one_unit": [
        Case(
            "admin:participants_contact_add",
            {"participation": "{participation}", "function": "ppt", "unit": "{unit}"} | NEW,
            "Bare styrer og rektor er for én enhet. La feltet stå tomt.",
        ),
    ],
    "participants.Contact.a_head_has_a_unit": [
        Case("participants:add_contact", {"function": "head"} | NEW, "Velg hvilken enhet personen leder.", "contact"),
        Case(
            "admin:participants_contact_add",
            {"participation": "{participation}", "function": "head"} | NEW,
            "Velg hvilken enhet personen leder.",
        ),
    ],
    "participants.UnitClosure.a_unit_is_closed_once": [
        _twice("changes:close_unit", {"on": SOON.isoformat()} | SURE, "blir lagt ned fra")
    ],
    "participants.Withdrawal.withdrawn_once_at_a_time": [
        _twice(
            "changes:withdraw",
            {"day": TODAY.isoformat(), "reason": "Sa ifra på telefon"} | SURE,
            "har allerede trukket seg",
            query="?kommune={participation}",
        )
    ],
    "accounts.User.user_email_is_lower_case": [
        Case(
            "admin:accounts_user_add",
            {"email": "Kari.Kontakt@Example.no", "name": "Kari"},
            "Adressen tilhører Kari Kontakt.",
        )
    ],
    "accounts.User.email": [
        Case(
            "admin:accounts_user_add",
            {"email": "kari.kontakt@example.no", "name": "Kari"},
            "Adressen tilhører Kari Kontakt.",
        ),
        Case("changes:person_address", {"email": "kari.kontakt@example.no"} | SURE, "Adressen tilhører Kari Kontakt."),
        Case("changes:own_address", {"email": "kari.kontakt@example.no"}),
    ],
    "outbox.Message.message_resend_has_a_reason": [
        Case("admin:outbox_message_resend", {"reason": " "}, "Må fylles ut.", of="undelivered")
    ],
    "outbox.Message.message_handled_has_a_note": [
        Case("admin:outbox_message_handled", {"note": " "}, "Må fylles ut.", of="undelivered")
    ],
}

# By which field of its form each is said, and in nynorsk. WHOLE: it is of no one field. "": no form says it, but the
# page that comes after.
WHOLE = "__all__"
TOLD: dict[str, tuple[str, str]] = {
    "Pulja har allerede tekster på denne målformen.": ("language", "Pulja har allereie tekstar på denne målforma."),
    AGREED: (WHOLE, "Det er allereie avtalt at"),
    "Siste dag kan ikke være før første dag.": ("ends_on", "Siste dag kan ikkje vere før første dag."),
    "deg selv": ("", "deg sjølv"),
    "Må fylles ut.": ("reason", "Må fyllast ut."),
    "Valget finnes ikke lenger.": ("heir", "Valet finst ikkje lenger."),
    "Det er avtalt at personen slutter": ("", "Det er avtalt at personen sluttar"),
    "Svar på «Hvorfor trenger du det?»": ("", "Svar på «Kvifor treng du det?»"),
    "Velg enten en samling eller et fylke.": ("county", "Vel anten ei samling eller eit fylke."),
    "Pulja har allerede en samling i dette semesteret.": (
        "semester",
        "Pulja har allereie ei samling i dette semesteret.",
    ),
    "En samling har et semester; oppstartssamlingen har ikke.": (
        "semester",
        "Ei samling har eit semester; oppstartssamlinga har ikkje.",
    ),
    "En avklart samling må ha en dato.": ("starts_on", "Ei avklart samling må ha ein dato."),
    "Påmeldingsfristen kan ikke være før påmeldingen åpner.": (
        "closes_on",
        "Påmeldingsfristen kan ikkje vere før påmeldinga opnar.",
    ),
    "Påmeldingsfristen kan ikke være etter første dag.": (
        "closes_on",
        "Påmeldingsfristen kan ikkje vere etter første dag.",
    ),
    "var påmeldt fra før": ("", "var påmeld frå før"),
    "Skriv en begrunnelse.": ("reason", "Skriv ei grunngiving."),
    FIRST_COUNTS: ("", "Svaret ditt var motteke frå før, og berre det første tel."),
    "Dette var svart fra før. Ingenting er endret.": ("", "Dette var svart frå før. Ingenting er endra."),
    "er allerede veileder": ("email", "er allereie rettleiar"),
    "Permisjonen slutter før den begynner": ("last_on", "Permisjonen sluttar før han byrjar"),
    "Det finnes allerede en Prosjektleder ved Læringsmiljøsenteret med samme Person.": (
        "user",
        "Prosjektleiar ved Læringsmiljøsenteret med same Person finst allereie.",
    ),
    "Velg en veileder fra lista.": ("successor", "Vel ein rettleiar frå lista."),
    "Tiltaket kan ikke slutte før det begynner.": ("ends_on", "Tiltaket kan ikkje slutte før det byrjar."),
    "er registrert hos embetet": ("email", "Personen med denne adressa er registrert hos embetet."),
    "Det finnes allerede en Pulje med samme Nummer.": ("number", "Pulje med same Nummer finst allereie."),
    "Kommunen er med i pulja fra før.": ("municipality", "Kommunen er med i pulja frå før."),
    "Må fylles ut når politisk nivå er informert.": (
        "political_body",
        "Må fyllast ut når politisk nivå er informert.",
    ),
    SAME_NUMBER: ("organisation_number", "Ei anna eining i kommunen har dette organisasjonsnummeret."),
    HAS_IT: ("email", "Personen med denne adressa har allereie denne funksjonen."),
    "Bare styrer og rektor er for én enhet. La feltet stå tomt.": (
        "unit",
        "Berre styrar og rektor er for éi eining. La feltet stå tomt.",
    ),
    "Velg hvilken enhet personen leder.": ("unit", "Vel kva eining personen leier."),
    "blir lagt ned fra": ("", "blir lagd ned frå"),
    "har allerede trukket seg": ("", "har allereie trekt seg"),
    "Adressen tilhører Kari Kontakt.": ("email", "Adressa høyrer til Kari Kontakt."),
}
# Where the same is said in a form whose field has another name.
BY = {
    "changes.Succession.one_coming_succession_of_a_member": "successor",
    "mailcalendar.MailPause.mailpause_ends_after_it_begins": "til",
    "outbox.Message.message_handled_has_a_note": "note",
}

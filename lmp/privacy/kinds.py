"""What kinds of personal data the portal holds: what, why, how long, who sees it, where a person reads it.

One truth for the privacy page, for what stands beside each part of a person's own data, and for what is erased.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import PrivateReading
from accounts.unsent_forms import LIFETIME
from lmp.seeing.models import KEPT


@dataclass(frozen=True)
class Kind:
    """`sections` are those of settings.PERSONAL_DATA that show it; without any, `not_shown` says why.

    `erased_by` are the tasks of the night that erase it; without any, `how_long` says what else becomes of it.
    """

    key: str
    what: str | Promise
    why: str | Promise
    how_long: str | Promise
    seen_by: str | Promise
    sections: Sequence[str] = ()
    not_shown: str = ""
    erased_by: Sequence[str] = ()

    @property
    def kept(self) -> str:
        """How long, with the days that the settings say."""
        return str(self.how_long) % {
            "contacts": settings.CONTACTS_KEPT_DAYS,
            "needs": settings.NEEDS_KEPT_DAYS,
            "mails": settings.MAIL_TEXTS_KEPT_DAYS,
            "seen": min(KEPT, PrivateReading.KEPT).days,
            "hours": LIFETIME // timedelta(hours=1),
            "session": settings.SESSION_COOKIE_AGE // (24 * 60 * 60),
        }


_PROJECT = _("For å gjennomføre Læringsmiljøprosjektet.")
_COHORT = _("Slettes %(contacts)s dager etter at pulja er ferdig. Er du med i en nyere pulje, gjelder fristen for den.")
_STAFF = _("De i Utdanningsdirektoratet som arbeider med prosjektet.")

PERSON = Kind(
    "person",
    _("Navn, e-postadresse og språk, og adressene du har hatt før."),
    _("For å kjenne deg igjen når du logger inn, og for å skrive til deg på ditt språk."),
    _(
        "Slettes når du ikke lenger er med, senest %(contacts)s dager etter at pulja er ferdig. Har du gjort noe "
        "som skal arkiveres, for eksempel bekreftet for kommunen, beholder vi navnet ditt der, men ikke adressen."
    ),
    _("De i Utdanningsdirektoratet som arbeider med prosjektet, og de du arbeider sammen med."),
    sections=["accounts.personal_data.person"],
    erased_by=["participants.tasks.erase_old"],
)
FUNCTIONS = Kind(
    "functions",
    _("Funksjonen og telefonen din, og hvem som overtok etter hvem."),
    _PROJECT,
    _COHORT,
    _("Utdanningsdirektoratet, kontaktpersonene i kommunen, statsforvalteren og veilederne til kommunen."),
    sections=[
        "participants.personal_data.functions",
        "lmp.changes.succession.personal_data.successions",
        "lmp.colleagues.personal_data.resignations",
    ],
    erased_by=["participants.tasks.erase_old", "lmp.changes.tasks.erase_old", "lmp.colleagues.tasks.erase_old"],
)
PROJECT_GROUPS = Kind(
    "project_groups",
    _("Navn og rolle for dem som er med i prosjektgruppa ved en enhet."),
    _PROJECT,
    _COHORT,
    _("Utdanningsdirektoratet, kommunen, enheten, statsforvalteren og veilederne til kommunen."),
    not_shown="only a name stands there: nobody knows whose sign-in is whose; it is read on the unit's page",
    erased_by=["participants.tasks.erase_old"],
)
CONFIRMATIONS = Kind(
    "confirmations",
    _("Hva du har bekreftet eller endret for kommunen, og når."),
    _("For å vite hva kommunen har svart. Svarene er saksdokumenter."),
    _("Bekreftelsene skal arkiveres, og dem tar vi vare på. Andre kan be om innsyn i dem etter offentleglova."),
    _("Utdanningsdirektoratet, kontaktpersonene i kommunen og statsforvalteren."),
    sections=["participants.personal_data.confirmations"],
)
LETTERS = Kind(
    "letters",
    _("Velkomstbrevet til kommunen, med navn på kontaktpersoner og dem som har skrevet under."),
    _("For å sende brevet, og for å ha det etterpå. Det er et saksdokument."),
    _("Brev skal arkiveres, og dem tar vi vare på. Andre kan be om innsyn i dem etter offentleglova."),
    _("Utdanningsdirektoratet, kontaktpersonene i kommunen og statsforvalteren."),
    not_shown="a letter is the municipality's, who reads it on its page",
)
GATHERINGS = Kind(
    "gatherings",
    _("Påmeldinger til samlinger: dager, overnatting, reise, om utgiftene dekkes, og om du møtte."),
    _("For å holde samlingene, og for å bestille hotell og reise."),
    _COHORT,
    _(
        "Utdanningsdirektoratet, og kontaktpersonene i kommunen. Hotellet og reisebyrået får navn, dager og "
        "netter for dem som skal bo eller reise."
    ),
    sections=["gatherings.personal_data.registrations", "gatherings.personal_data.traces"],
    erased_by=["gatherings.tasks.erase_old"],
)
NEEDS = Kind(
    "needs",
    _("Det du selv forteller at du trenger av mat og tilrettelegging på en samling. Det er frivillig."),
    _("For at du kan være med. Det kan si noe om helsa di, så vi lagrer det bare når du skriver det selv."),
    _("Slettes %(needs)s dager etter samlingen. Du kan slette det selv når du vil."),
    _(
        "De få i Utdanningsdirektoratet som ordner mat og rom. Du ser under Mine opplysninger når noen av dem har "
        "lest det. Andre ser bare hvor mange som har skrevet det samme, og aldri det som færre enn tre har "
        "skrevet."
    ),
    sections=["gatherings.personal_data.registrations"],
    erased_by=["gatherings.tasks.erase_old"],
)
EVALUATIONS = Kind(
    "evaluations",
    _("Svar på evalueringer. De er anonyme: vi lagrer at du har svart, men ikke hvilket svar som er ditt."),
    _("For å gjøre samlingene og veiledningen bedre."),
    _("Svarene på evalueringen av en samling tar vi vare på. Resten slettes sammen med kontaktopplysningene."),
    _("Utdanningsdirektoratet ser svarene når flere har svart. Om en veiledning ser veilederne dem også."),
    not_shown="the answers are nobody's",
    erased_by=["guidance.tasks.erase_old"],
)
PLANS = Kind(
    "plans",
    _("Program og dokumenter for samlinger, der de som holder innlegg kan være nevnt."),
    _("For at deltakerne vet hva de kommer til."),
    _("Planene for samlingene tar vi vare på."),
    _("De som er invitert til samlingen, og Utdanningsdirektoratet."),
    not_shown="written by staff about the gathering",
)
GUIDANCE = Kind(
    "guidance",
    _(
        "Veiledningsmøter: når, hvor lenge, hvem av veilederne og hvor mange som var med fra hver gruppe. Hva "
        "dere arbeidet med, og hva dere ble enige om."
    ),
    _("For å veilede kommunene, og for å vite at alle får den veiledningen de skal ha."),
    _(
        "Tekstene slettes %(contacts)s dager etter at pulja er ferdig. Vi tar vare på at møtet ble "
        "holdt, og hvilke temaer det hadde."
    ),
    _(
        "Notatene leser bare veilederne til kommunen og Læringsmiljøsenteret. Det dere ble enige om, ser også "
        "kommunen og enheten."
    ),
    sections=["guidance.personal_data.guidance"],
    erased_by=["guidance.tasks.erase_old"],
)
MEASURES = Kind(
    "measures",
    _("Tiltakene ved enhetene, og hvem som har ansvaret for dem."),
    _("For at enheten og veilederne kan følge dem opp."),
    _COHORT,
    _("Enheten, kommunen, veilederne, Læringsmiljøsenteret, statsforvalteren og Utdanningsdirektoratet."),
    sections=["guidance.personal_data.guidance"],
    erased_by=["guidance.tasks.erase_old"],
)
SUPERVISORS = Kind(
    "supervisors",
    _("Om veiledere og prosjektledere: telefon, arbeidssted, hvor de ikke er habile, og permisjoner."),
    _("For å sette sammen gruppene som veileder kommunene."),
    _("Slettes %(contacts)s dager etter at du sluttet. Da står det bare igjen at møtene dine ble holdt."),
    _("Læringsmiljøsenteret og Utdanningsdirektoratet. Kommunen ser navnet, adressen og telefonen til sine veiledere."),
    sections=["guidance.personal_data.guidance"],
    erased_by=["guidance.tasks.erase_old"],
)
DRAFTS = Kind(
    "drafts",
    _("Utkast du ikke har sendt, og filer som venter på å bli lastet inn."),
    _("For at du ikke skal miste det du har skrevet."),
    _("Slettes når du sender dem, og senest sammen med kontaktopplysningene. Filer slettes etter et døgn."),
    _("Den som skriver, og de som svarer sammen for kommunen."),
    sections=["guidance.personal_data.guidance"],
    erased_by=["participants.tasks.erase_old", "guidance.tasks.erase_old", "participants.tasks.forget_uploads"],
)
MAILS = Kind(
    "mails",
    _("E-post vi har sendt deg. Innloggingskoder slettes når de er sendt."),
    _("For å vite hva vi har sendt, til hvem og når."),
    _(
        "Teksten og vedleggene slettes etter %(mails)s dager. At e-posten ble sendt, slettes sammen med "
        "kontaktopplysningene."
    ),
    _STAFF,
    sections=["accounts.personal_data.mails", "lmp.writing.personal_data.writings"],
    erased_by=[
        "outbox.tasks.forget_old",
        "outbox.tasks.erase_old",
        "lmp.writing.tasks.erase_old",
        "participants.tasks.erase_old",
    ],
)
SHARED = Kind(
    "shared",
    _("Hvilke dokumenter og nyheter fra Utdanningsdirektoratet du har åpnet, og når."),
    _("For å vite om viktige nyheter er lest."),
    _COHORT,
    _("Bare ansatte i Utdanningsdirektoratet."),
    sections=["lmp.sharing.personal_data.readings"],
    erased_by=["lmp.sharing.tasks.erase_old"],
)
SEEN = Kind(
    "seen",
    _(
        "Når noen av oss har sett portalen slik du ser den, og hvem som har lest det bare noen få kan se: hvem, "
        "når, hva og hvorfor."
    ),
    _("For at du kan se hvem som har lest det, og for at ingen leser mer enn de trenger."),
    _("Slettes etter %(seen)s dager."),
    _("Du selv, og ansatte i Utdanningsdirektoratet."),
    sections=["lmp.seeing.personal_data.viewings", "accounts.personal_data.readings"],
    erased_by=["lmp.seeing.tasks.erase_old", "accounts.tasks.erase_old"],
)
STAFF = Kind(
    "staff",
    _("Det ansatte noterer om kommunene, og hva de har gjort i administrasjonen."),
    _("For å følge opp kommunene, og for å se hvem som har endret hva."),
    _COHORT,
    _STAFF,
    not_shown="about the municipality, not the person; read by asking the directorate",
    erased_by=["lmp.desk.tasks.erase_old", "lmp.mailcalendar.tasks.erase_old", "participants.tasks.erase_old"],
)
SIGN_IN = Kind(
    "sign_in",
    _("Når du sist logget inn, hvordan du logger inn, og skjemaer du ikke fikk sendt."),
    _("For at bare du kommer inn som deg."),
    _(
        "Innloggingen varer i høyst %(session)s dager, og skjemaer du ikke fikk sendt, tar vi vare på i %(hours)s "
        "time. Resten slettes sammen med navnet ditt."
    ),
    _("Du selv. De som driver portalen, ser om du har satt opp totrinnsinnlogging."),
    sections=["accounts.personal_data.sign_in"],
    erased_by=["accounts.tasks.forget_sessions", "participants.tasks.erase_old"],
)
NOBODY = Kind("nobody", "", "", "", "", not_shown="no person is named in it")

# By subject, in the order in which the privacy page says them: each subject is a line there, and opens.
SUBJECTS: list[tuple[str | Promise, list[Kind]]] = [
    (_("Navn, adresse og funksjon"), [PERSON, FUNCTIONS, PROJECT_GROUPS]),
    (_("Bekreftelser og velkomstbrev"), [CONFIRMATIONS, LETTERS]),
    (_("Samlinger, mat og tilrettelegging"), [GATHERINGS, NEEDS, EVALUATIONS, PLANS]),
    (_("Veiledning og tiltak"), [GUIDANCE, MEASURES, SUPERVISORS]),
    (_("E-poster, utkast og dokumenter"), [MAILS, DRAFTS, SHARED]),
    (_("Innlogging, innsyn og notater"), [SIGN_IN, SEEN, STAFF]),
]
KINDS = [kind for _subject, kinds in SUBJECTS for kind in kinds]


def of_section(path: str) -> Kind | None:
    """The kind that this part of a person's own data is of: the first, where it shows several."""
    return next((kind for kind in KINDS if path in kind.sections), None)

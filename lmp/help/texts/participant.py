from django.utils.translation import gettext_lazy as _

from lmp.help.guides import Guide, Picture, Task
from lmp.help.texts.documents import DOKUMENTER

DELTAKER = Guide(
    "deltaker",
    title=_("Deltaker på en samling"),
    lead=_("Påmeldingen din ligger på Min side, under Samlinger."),
    ask=_("Kontaktpersonen i kommunen vet hvem som er påmeldt. Ellers skriver du til oss."),
    tasks=(
        Task(
            "behov",
            title=_("Slik sier du hva du trenger av mat og tilrettelegging"),
            steps=(
                _("Åpne påmeldingen din fra Min side."),
                _("Velg «Se eller endre det du trenger»."),
                _("Skriv hva du trenger. Du trenger ikke si hvorfor."),
                _("Velg «Lagre»."),
            ),
            wrong=(_("Bare de få som ordner mat og rom, ser svaret. Det slettes etter samlingen."),),
            picture=Picture(
                "participant-registration",
                _("Påmeldingen: knappen Registrer at reisen er bestilt, og om utgiftene dekkes."),
            ),
        ),
        Task(
            "reise",
            title=_("Slik bestiller du reise"),
            steps=(
                _("Åpne påmeldingen din, og velg «Se framgangsmåten»."),
                _("Bestill slik det står der, innen fristen."),
                _("Velg «Registrer at reisen er bestilt»."),
            ),
            wrong=(_("Dekkes utgiftene? Det står på påmeldingen din, og hva du må gjøre."),),
        ),
        Task(
            "kan-ikke",
            title=_("Slik sier du fra når du ikke kan komme"),
            steps=(
                _("Åpne påmeldingen din fra Min side."),
                _("Kommer en annen i stedet, velger du «Bytt person». Plassen beholdes."),
                _("Kommer ingen, velger du «Meld av». Plassen går til den neste på ventelista."),
            ),
            wrong=(_("Er fristen gått ut? Da ber du oss om det fra samme side."),),
        ),
        Task(
            "etterpa",
            title=_("Slik svarer du etter samlingen"),
            steps=(
                _("Dagen etter får du en e-post med en lenke."),
                _("Svar på fem spørsmål."),
                _("Velg «Send svaret». Det du svarer, knyttes ikke til deg."),
            ),
            wrong=(_("Finner du ikke e-posten? Evalueringen står også på Min side til fristen går ut."),),
        ),
        DOKUMENTER,
    ),
)

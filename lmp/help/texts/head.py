from django.utils.translation import gettext_lazy as _

from lmp.help.guides import Guide, Picture, Task
from lmp.help.texts.documents import DOKUMENTER

STYRER_OG_REKTOR = Guide(
    "styrer-og-rektor",
    title=_("Styrer eller rektor"),
    lead=_("Du svarer for enheten din. Det som gjenstår, står øverst på Min side, med frist."),
    ask=_("Kontaktpersonene i kommunen og veilederne står på Min side, under «Hvem kan du spørre»."),
    tasks=(
        Task(
            "prosjektgruppe",
            title=_("Slik setter du sammen prosjektgruppa"),
            steps=(
                _("Åpne enheten fra Min side."),
                _("Velg «Endre prosjektgruppa»."),
                _("Skriv navn og rolle for hver voksen. Ta gjerne med foreldre og PP-tjenesten."),
                _("Velg «Lagre». Du kan endre gruppa når som helst."),
            ),
            wrong=(
                _(
                    "Skriv aldri navnet på et barn. Har det skjedd, åpner du enheten og velger «Skulle noe her "
                    "ikke ha stått»."
                ),
            ),
            picture=Picture("head-group", _("Prosjektgruppa på siden om enheten, og knappen Endre prosjektgruppa.")),
        ),
        Task(
            "tiltak",
            title=_("Slik legger du til et tiltak"),
            steps=(
                _("Åpne enheten fra Min side, og velg «Tiltakene til enheten»."),
                _("Velg «Legg til tiltak», og skriv hva dere skal gjøre, hvorfor, hvem og når."),
                _("Når noe har skjedd, åpner du tiltaket og sier hvor langt dere er kommet."),
                _("Velg «Lagre». Veilederne og kommunen leser det."),
            ),
            wrong=(
                _("Rekker dere ikke fristen? Velg «Ny frist», og si hvorfor."),
                _("Står det på feil enhet? Åpne tiltaket, og velg «Flytt tiltaket til en annen enhet» nederst."),
            ),
            picture=Picture("head-measure", _("Et tiltak: skjemaet der dere sier hvor langt dere er kommet.")),
        ),
        Task(
            "veiledning",
            title=_("Slik følger du veiledningen"),
            steps=(
                _("Det neste møtet og det dere ble enige om sist, står på Min side."),
                _("Du får innkalling på e-post, og en påminnelse før møtet."),
                _("Etter møtet svarer du på om det var nyttig. Svaret er anonymt."),
            ),
            wrong=(_("Passer ikke tidspunktet? Skriv til veilederen. Bare veilederne flytter møtet."),),
        ),
        Task(
            "melde-pa",
            title=_("Slik melder du på fra enheten"),
            steps=(
                _("Velg «Meld på» på Min side når påmeldingen er åpen."),
                _("Kryss av for dem som kommer, og skriv inn andre nederst."),
                _("Velg «Meld på». Hver deltaker får en e-post."),
            ),
            wrong=(_("Kommer en annen i stedet? Åpne påmeldingen, og velg «Bytt person». Plassen beholdes."),),
        ),
        DOKUMENTER,
    ),
)

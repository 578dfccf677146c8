from django.utils.translation import gettext_lazy as _

from lmp.help.guides import Guide, Picture, Task
from lmp.help.texts.documents import DOKUMENTER

STATSFORVALTER = Guide(
    "statsforvalter",
    title=_("Statsforvalter"),
    lead=_("Du nominerer kommuner, og følger kommunene i fylket."),
    ask=_("Er en kommune ført opp feil, eller skal den med etter at pulja har begynt, skriver du til oss."),
    tasks=(
        Task(
            "nominere",
            title=_("Slik nominerer du en kommune"),
            steps=(
                _("Velg «Se hvordan det går i kommunene i fylket» på Min side, og «Nominer en kommune»."),
                _("Velg kommunen og pulja."),
                _("Skriv hvem som er kontaktperson, og enhetene du vet om."),
                _("Velg «Se hva som skjer», og bekreft."),
            ),
            wrong=(
                _("Kommunen får ingen e-post før Utdanningsdirektoratet sender velkomstbrevet."),
                _(
                    "Mangler noe? Åpne kommunen, og velg «Legg til enheter og kontaktpersoner». Det går til "
                    "velkomstbrevet er sendt."
                ),
                _("Har pulja begynt? Da skriver du til oss."),
            ),
            picture=Picture("governor-nominate", _("Nominasjonen: kontaktpersonen i kommunen og den første enheten.")),
        ),
        Task(
            "svar",
            title=_("Slik registrerer du svaret fra kommunen"),
            steps=(
                _("Velg «Registrer» på Min side, ved «Registrer svaret»."),
                _("Takket kommunen nei, velger du «Har kommunen takket nei?»."),
                _("Skriv hvilken dag kommunen svarte, og hvem som svarte."),
                _("Velg «Se hva som skjer», og bekreft."),
            ),
            wrong=(
                _("Vi minner embetet på det til svaret er registrert."),
                _("Var det feil? Skriv til oss. Vi angrer et nei."),
            ),
        ),
        Task(
            "folge",
            title=_("Slik følger du kommunene"),
            steps=(
                _("Velg «Se hvordan det går i kommunene i fylket» på Min side."),
                _("Se tallene for hver pulje. Hvert tall er en lenke til kommunene det gjelder."),
                _("Velg «Status for hver kommune» for å se hva som mangler."),
                _("Velg «Last ned som regneark» når du trenger lista."),
            ),
            wrong=(
                _("Du ser datoer, temaer og delmål. Notatene i loggen ser bare veilederne og Læringsmiljøsenteret."),
            ),
            picture=Picture("governor-counties", _("Kommunene i fylket: tallene for en pulje.")),
        ),
        Task(
            "personer",
            title=_("Slik legger du til en kollega ved embetet"),
            steps=(
                _("Velg «Personer hos embetet»."),
                _("Velg «Legg til en person», og skriv navn og e-postadresse."),
                _("Slutter noen, velger du «Avslutt»."),
            ),
            wrong=(_("Flere fra samme embete kan logge inn. De ser det samme."),),
        ),
        DOKUMENTER,
    ),
)

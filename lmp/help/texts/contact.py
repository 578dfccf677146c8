from django.utils.translation import gettext_lazy as _

from lmp.help.guides import Guide, Picture, Task
from lmp.help.texts.documents import DOKUMENTER

KONTAKTPERSON = Guide(
    "kontaktperson",
    title=_("Kontaktperson i en kommune"),
    lead=_("Du svarer for kommunen. Det som gjenstår, står øverst på Min side, med frist."),
    ask=_("Veilederne deres står på Min side, under «Hvem kan du spørre»."),
    tasks=(
        Task(
            "bekrefte",
            title=_("Slik bekrefter du opplysningene"),
            steps=(
                _("Velg «Bekreft opplysningene» på Min side."),
                _("Se over kontaktpersonene. Er noe feil, velger du «Rett opplysningene»."),
                _(
                    "Skriv hvilken dag barna ble telt, og hvor mange det er i hver enhet. Tallet fra registeret "
                    "er til hjelp."
                ),
                _("Svar på om PP-tjenesten deltar, og om politisk nivå er informert."),
                _("Velg «Bekreft opplysningene». Dere får en kvittering på e-post."),
            ),
            wrong=(
                _("Rekker du ikke alt? Velg «Lagre utkast», og fortsett senere."),
                _("Mangler en enhet, eller er den lagt ned? Skriv det nederst i bekreftelsen, så ordner vi det."),
                _(
                    "Var noe feil? Åpne kvitteringen, og velg «Rett det dere har bekreftet». Etter fristen ber "
                    "dere om å få rette."
                ),
            ),
            picture=Picture("contact-confirm", _("Bekreftelsen: en enhet, med feltet for antall barn.")),
        ),
        Task(
            "kontaktpersoner",
            title=_("Slik retter eller bytter du en kontaktperson"),
            steps=(
                _("Åpne kommunen fra Min side, og velg «Se og endre alle kontaktpersoner»."),
                _("Velg «Rett» når noe er feil skrevet, eller personen har fått ny e-postadresse."),
                _("Velg «Erstatt» når en ny overtar. Du sier fra hvilken dag, og hva den nye skal ha."),
                _("Velg «Avslutt» når ingen overtar."),
            ),
            wrong=(_("Er det deg det gjelder? Velg «Jeg slutter, og en annen overtar» på Min side."),),
            picture=Picture(
                "contact-contacts", _("Lista over kontaktpersoner, med Rett, Erstatt og Avslutt ved hver.")
            ),
        ),
        Task(
            "melde-pa",
            title=_("Slik melder du på til en samling"),
            steps=(
                _("Velg «Meld på» på Min side når påmeldingen er åpen."),
                _("Vi foreslår dem vi tror kommer. Ta bort krysset ved dem som ikke skal være med."),
                _("Skriv inn andre nederst, med navn og e-postadresse."),
                _("Velg «Meld på». Hver deltaker får en e-post, og svarer selv på hva de trenger."),
            ),
            wrong=(
                _("Skal ingen komme? Velg «Ingen kommer», så minner vi dere ikke på det."),
                _("Er fristen gått ut? Da ber du om plass fra siden om samlingen."),
            ),
            picture=Picture("contact-register", _("Påmeldingen: en person vi foreslår, med krysset Kommer.")),
        ),
        DOKUMENTER,
    ),
)

from django.utils.translation import gettext_lazy as _

from lmp.help.guides import Guide, Picture, Task

LOGGE_INN = Guide(
    "logge-inn",
    title=_("Slik logger du inn"),
    lead=_("Du trenger ikke passord, og du trenger ikke registrere deg."),
    ask=_(
        "Er du usikker på hvilken adresse vi har, kan du spørre en annen kontaktperson i kommunen, "
        "eller skrive til oss."
    ),
    tasks=(
        Task(
            "kode",
            title=_("Slik logger du inn med kode"),
            steps=(
                _("Skriv e-postadressen din. Bruk den som brevet eller e-posten fra oss er sendt til."),
                _("Velg «Send meg en kode»."),
                _("Åpne e-posten, og skriv inn koden på siden. Den gjelder i 15 minutter."),
            ),
            wrong=(
                _(
                    "Kommer det ingen kode? Vent et par minutter, og se i søppelposten. Sjekk at adressen er "
                    "riktig skrevet. Vi sender bare kode til adresser som er registrert hos oss."
                ),
                _(
                    "Har du fått ny adresse? Logg inn med den gamle, og velg «Endre e-postadresse» på «Mine "
                    "opplysninger». Kommer du ikke inn med den gamle, skriver du til oss."
                ),
            ),
            picture=Picture("sign-in", _("Innloggingen: et felt for e-postadressen, og knappen Send meg en kode.")),
        ),
        Task(
            "to-trinn",
            title=_("Slik logger ansatte inn i to trinn"),
            steps=(
                _("Logg inn med koden fra e-posten."),
                _(
                    "Første gang setter du opp et trinn til: en app som lager koder, eller en passnøkkel. Siden "
                    "viser hva du skal gjøre."
                ),
                _("Senere skriver du koden fra appen, eller bruker passnøkkelen."),
            ),
            wrong=(
                _(
                    "Har du mistet telefonen? En kollega som kan gi tilgang, nullstiller "
                    "totrinnsinnloggingen på siden om deg."
                ),
            ),
        ),
    ),
)

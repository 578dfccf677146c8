from django.utils.translation import gettext_lazy as _

from lmp.help.guides import Guide, Picture, Task
from lmp.help.texts.documents import DOKUMENTER

VEILEDER = Guide(
    "veileder",
    title=_("Veileder"),
    lead=_("Kommunene dine står på Min side, under «Til veiledningen din»."),
    ask=_(
        "Prosjektlederen ved Læringsmiljøsenteret bestemmer hvilke kommuner du har, og erstatter deg når du slutter."
    ),
    tasks=(
        Task(
            "planlegge",
            title=_("Slik planlegger du et møte"),
            steps=(
                _("Velg «Planlegg møte» ved kommunen."),
                _("Fyll ut dato, klokkeslett, møteform og sted eller lenke."),
                _("Ta bort krysset ved enhetene som ikke skal være med."),
                _("Velg «Fortsett». Du ser hvem som får innkalling, før du lagrer."),
            ),
            wrong=(
                _("Må møtet flyttes? Åpne det, og velg «Flytt eller endre». De som er innkalt, får beskjed."),
                _("Ble det ikke noe av? Velg «Avlys»."),
            ),
            picture=Picture("supervisor-plan", _("Planlegg møte: dato, klokkeslett, møteform og varighet.")),
        ),
        Task(
            "logg",
            title=_("Slik skriver du loggen"),
            steps=(
                _("Velg «Skriv logg» på Min side, eller ved kommunen."),
                _("Det meste er fylt ut fra planen. Rett det som ble annerledes."),
                _("Skriv hva dere arbeidet med. Det leser bare veiledergruppa og Læringsmiljøsenteret."),
                _("Skriv hva dere ble enige om. Det leser også kommunen og enhetene."),
                _("Velg «Send inn»."),
            ),
            wrong=(
                _("Mistet du nettet? Det du skriver, blir tatt vare på i telefonen til det er sendt."),
                _("Ble noe feil? Åpne møtet, og velg «Rett loggen»."),
                _("Skrev du noe som ikke skulle ha stått der? Velg «Fjern tekst» på siden om møtet."),
            ),
            picture=Picture("supervisor-log", _("Loggen: hva dere arbeidet med, og hva dere ble enige om.")),
        ),
        Task(
            "tiltak",
            title=_("Slik følger du tiltakene"),
            steps=(
                _("Åpne kommunen fra veiledningen din."),
                _("Velg enheten, under «Enhetenes tiltak»."),
                _("Legg til nye tiltak sammen med enheten, eller se hvordan det går med de andre."),
            ),
            wrong=(_("Mangler en enhet? Skriv til kontaktpersonen i kommunen."),),
        ),
        DOKUMENTER,
    ),
)

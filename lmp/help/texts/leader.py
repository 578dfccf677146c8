from django.utils.translation import gettext_lazy as _

from lmp.help.guides import Guide, Picture, Task
from lmp.help.texts.documents import DOKUMENTER

PROSJEKTLEDER = Guide(
    "prosjektleder",
    title=_("Prosjektleder ved Læringsmiljøsenteret"),
    lead=_("Du setter sammen veiledergruppene, og ser hvor det er lenge siden siste møte."),
    ask=_("Om puljer, kommuner og samlinger spør du Utdanningsdirektoratet."),
    tasks=(
        Task(
            "grupper",
            title=_("Slik setter du sammen veiledergruppene"),
            steps=(
                _("Velg «Til veiledergruppene» på Min side, og «Sett sammen veiledergruppene» ved pulja."),
                _("Velg «Lag forslag». Det tar noen sekunder."),
                _("Se hva som mangler, og velg «Endre» ved en gruppe. Lås dem som er gode."),
                _("Velg «Gå til publisering». Du ser hvem som får e-post."),
                _("Velg «Publiser». Ingen får beskjed før du har gjort det."),
            ),
            wrong=(
                _("Ble forslaget dårligere? Velg «Angre forslaget»."),
                _("Mangler noe likevel? Siden sier hva som hjelper flest kommuner."),
            ),
            picture=Picture(
                "leader-groups",
                _("Gruppene: hvor mange kommuner som har en fulltallig gruppe, og en gruppe med Endre og Lås."),
            ),
        ),
        Task(
            "stille",
            title=_("Slik følger du opp når det er lenge siden siste møte"),
            steps=(
                _("Velg «Se kommunene» på Min side."),
                _("Velg «Følg opp» ved kommunen."),
                _("Skriv hva som blir gjort, og om hvor mange uker du vil minnes på det."),
                _("Velg «Lagre». Saken kommer tilbake da, eller når det kommer noe nytt."),
            ),
            wrong=(_("Hvor mange dager det er før en kommune følges opp, setter du i «Innstillinger» for pulja."),),
            picture=Picture(
                "leader-silent", _("Møter i kommunene: en kommune som har gått lenge uten møte, og lenken Følg opp.")
            ),
        ),
        Task(
            "veiledere",
            title=_("Slik holder du veilederne oppdatert"),
            steps=(
                _("Velg «Veiledere: legg til, endre og avslutt»."),
                _("Velg veilederen, og rett opplysningene eller før opp en permisjon."),
                _("Slutter noen, velger du «Erstatt» i hver kommune først."),
                _("Du ser hvem som får beskjed, før noe lagres."),
            ),
            wrong=(_("Er det mange på en gang? Velg «Last inn fra et regneark»."),),
        ),
        DOKUMENTER,
    ),
)

from django.utils.translation import gettext_lazy as _

from lmp.help.guides import Guide, Picture, Task

ANSATT = Guide(
    "ansatt",
    title=_("Ansatt: en dags arbeid"),
    lead=_("«Dagens arbeid» er den første siden din."),
    ask=_("Spør en kollega. Kollegene, og hva hver av dem kan, står under Kolleger."),
    tasks=(
        Task(
            "dagens-arbeid",
            title=_("Slik begynner du dagen"),
            steps=(
                _("Åpne «Dagens arbeid». Det som venter i alle puljer, står der, med hvem og siden når."),
                _("Ta det øverste først, med knappen ved siden av."),
                _("Se e-postene de neste sju dagene. Hver dag er en lenke til lista."),
                _("Åpne pulja når du vil se alt som hører til den."),
            ),
            wrong=(
                _(
                    "Du ser hva en endring fører til, før den lagres: hvem som får e-post, hva som flyttes, og "
                    "hva som slutter."
                ),
            ),
            picture=Picture("staff-work", _("Dagens arbeid: det som venter, med hvem, siden når og en knapp.")),
        ),
        Task(
            "pulje",
            title=_("Slik finner du alt om en pulje"),
            steps=(
                _("Velg pulja under «Puljer som pågår»."),
                _("Tallene er lenker til kommunene."),
                _("Brev, e-poster, samlinger og veiledning står lenger ned."),
            ),
            wrong=(_("Skal noe rettes i selve pulja? Velg «Endre pulja»."),),
        ),
        Task(
            "legge-ut",
            title=_("Slik legger du ut et dokument eller en nyhet"),
            steps=(
                _("Velg «Dokumenter og nyheter» på «Dagens arbeid», og «Nytt innlegg»."),
                _("Velg hva det gjelder, og hvem det er for. Skriv tittel og tekst."),
                _("Velg «Lagre og gå videre», og last opp filene."),
                _("Velg «Gå videre: se over». Du ser hvem som vil se innlegget. Velg «Legg ut»."),
                _("Velg «Send e-post om dette» hvis leserne skal få vite det. Du ser e-posten før den sendes."),
            ),
            wrong=(
                _("Er fila feil? Velg «Ny versjon» ved fila. Da gir også gamle lenker den nye."),
                _("Skulle det ikke ha vært lagt ut? Velg «Ta tilbake». Da er det bare ansatte som ser det."),
            ),
        ),
        Task(
            "lesere",
            title=_("Slik ser du hvem som har lest"),
            steps=(
                _("Åpne innlegget fra «Dokumenter og nyheter»."),
                _("Velg «Se hvem». Lista viser hvem som har åpnet innlegget, og hvor mange filer de har lastet ned."),
                _("Velg «Minn dem som ikke har lest». Du ser hvem som får e-posten, før den sendes."),
            ),
            wrong=(_("Mangler noen på lista? Velg «Endre teksten eller hvem den er for» på siden om innlegget."),),
        ),
        Task(
            "kolleger",
            title=_("Slik gir du en kollega tilgang"),
            steps=(
                _("Velg «Kolleger» nederst på «Dagens arbeid»."),
                _("Velg «Ny kollega», og skriv navn og e-postadresse."),
                _("Kryss av for det kollegaen kan."),
                _("Velg «Gi tilgang». Kollegaen får en e-post om å komme i gang."),
            ),
            wrong=(_("Ser du ikke knappen? Bare de som kan gi kolleger tilgang, har den."),),
        ),
        Task(
            "slutter",
            title=_("Slik gjør du når en kollega slutter"),
            steps=(
                _("Velg «Kolleger» nederst på «Dagens arbeid»."),
                _("Velg «Slutt» ved kollegaen, eller «En ny overtar» når det kommer en ny i stedet."),
                _("Se det som er åpent. Skriv første dag uten tilgang, og velg hvem som overtar."),
                _("Velg «Se hva som skjer», og bekreft."),
            ),
            wrong=(_("Var det feil? Til dagen kommer, velger du «Slutt» og «Avlys». Etterpå gir du tilgang på nytt."),),
        ),
    ),
)

ANSATT_TELEFON = Guide(
    "ansatt-telefon",
    title=_("Ansatt: noen ringer"),
    lead=_("Søk først. Alt du trenger, står på siden om kommunen eller personen."),
    ask=_("Spør en kollega. Kollegene, og hva hver av dem kan, står under Kolleger."),
    tasks=(
        Task(
            "finne",
            title=_("Slik finner du den som ringer"),
            steps=(
                _("Velg «Søk» øverst på siden."),
                _("Skriv navn, e-post, telefon, kommune, enhet, organisasjonsnummer, saksnummer eller dokument."),
                _("Åpne personen for å se funksjoner og samlinger, eller kommunen for å se alt om den."),
            ),
            wrong=(_("Finner du ingen? Prøv en del av navnet, eller kommunen."),),
            picture=Picture("staff-search", _("Søket: en person med e-post og funksjon.")),
        ),
        Task(
            "notat",
            title=_("Slik skriver du et notat"),
            steps=(
                _("Åpne kommunen, og velg «Notater»."),
                _("Skriv hva du fikk vite. Bare ansatte ser det."),
                _("Velg en dag hvis noen skal minnes på det. Den dagen står notatet blant det som venter."),
                _("Velg «Lagre notatet»."),
            ),
            wrong=(_("Skriv aldri navn på barn. Står det noe feil, kan teksten fjernes for godt."),),
            picture=Picture("staff-note", _("Et notat om en kommune, med dagen det skal tas opp igjen.")),
        ),
        Task(
            "se-som",
            title=_("Slik ser du det samme som den som ringer"),
            steps=(
                _("Søk etter personen, og velg «Se som»."),
                _("Skriv hvorfor. Personen ser at du gjorde det, når og hvorfor."),
                _("Åpne sidene det gjelder. Du kan ikke endre noe."),
                _("Velg «Avslutt» øverst på siden."),
            ),
            wrong=(_("Ser du ikke «Se som»? Spør en kollega som gir tilgang."),),
        ),
        Task(
            "fikk-ikke",
            title=_("Slik finner du ut hvorfor noen ikke fikk en e-post"),
            steps=(
                _("Søk etter personen, og velg «E-poster, sendte og kommende»."),
                _("Se det som er sendt, og det som skal sendes."),
                _("Under «E-poster personen ikke får» står grunnen når noe ikke sendes."),
            ),
            wrong=(
                _("Er adressen feil? Velg «Endre e-postadressen». Det som venter, sendes til den nye."),
                _("Gjelder det en påminnelse? Åpne kommunen, og velg «Hvem som får hvilke påminnelser»."),
            ),
        ),
    ),
)

ANSATT_E_POST = Guide(
    "ansatt-e-post",
    title=_("Ansatt: e-poster"),
    lead=_("Det meste går av seg selv. Du kan se alt før det sendes."),
    ask=_("Spør en kollega. Kollegene, og hva hver av dem kan, står under Kolleger."),
    tasks=(
        Task(
            "minn-pa",
            title=_("Slik minner du noen på noe"),
            steps=(
                _("Velg «Minn på» i «Dagens arbeid», eller «Skriv til noen, eller minn dem på noe»."),
                _("Kryss av for dem det gjelder, og velg «Minn dem på»."),
                _("Velg hva de skal minnes på, og hvor svar skal gå."),
                _("Velg «Se over». Du ser hver mottaker, e-posten, og hva de har fått før."),
                _("Send."),
            ),
            wrong=(_("Den som ikke har noe å minnes på, får ingen e-post. Siden sier hvorfor."),),
            picture=Picture("staff-remind", _("Se over før du sender: hvem får hva.")),
        ),
        Task(
            "skriv-til",
            title=_("Slik skriver du til mange"),
            steps=(
                _("Velg «Skriv til noen, eller minn dem på noe», på «Dagens arbeid»."),
                _("Finn dem med filteret, og kryss av. Valgene huskes."),
                _(
                    "Velg «Skriv til dem», og skriv teksten på bokmål og nynorsk. Flettefelt gir hver sin kommune"
                    " og sitt navn."
                ),
                _("Velg «Se over», og «Send en prøve til meg» hvis du vil."),
                _("Send. Siden om meldingen viser hvordan det gikk med hver e-post."),
            ),
            wrong=(_("Ble du avbrutt? Utkastet ligger under «Det ansatte har skrevet, og utkast»."),),
        ),
        Task(
            "planen",
            title=_("Slik ser du hva som skal ut"),
            steps=(
                _("Velg «E-postkalender» på «Dagens arbeid», eller en dag under «E-poster de neste sju dagene»."),
                _("Velg pulje, mottaker eller slag av e-post for å se færre."),
                _("Hver linje sier hvorfor e-posten sendes. Åpne e-posten for å lese den."),
            ),
            wrong=(
                _("Planen følger av fristene og svarene. Vil du endre den, endrer du dem."),
                _("Vil du se alt som sendes i en pulje? Åpne pulja, og velg «Gå gjennom alle e-postene»."),
            ),
        ),
        Task(
            "sla-av",
            title=_("Slik slår du av en påminnelse"),
            steps=(
                _("Velg «Påminnelser som er slått av» på «Dagens arbeid», og «Slå av en påminnelse»."),
                _("Velg pulja eller kommunen, og hvilken påminnelse det er. Skriv grunnen."),
                _("Skriv en siste dag hvis påminnelsen skal begynne igjen av seg selv."),
                _("Velg «Se hva som faller bort», og bekreft."),
            ),
            wrong=(
                _("Skal den begynne igjen nå? Velg «Slå på igjen». Det som skulle ha gått imens, sendes ikke."),
                _("Innloggingskoder, kvitteringer og beskjeder kan ikke slås av."),
            ),
        ),
        Task(
            "kom-ikke-fram",
            title=_("Slik ordner du en e-post som ikke kom fram"),
            steps=(
                _("Velg «Rett eller send på nytt» på «Dagens arbeid»."),
                _("Er adressen feil, retter du den på siden om personen. Da sendes e-posten dit."),
                _("Er adressen riktig, sender du på nytt, eller merker e-posten som ordnet med et notat."),
            ),
            wrong=(_("Står den der ennå? Da er den ikke sendt på nytt, eller ikke merket."),),
        ),
    ),
)

ANSATT_STATUS = Guide(
    "ansatt-status",
    title=_("Ansatt: status for en pulje"),
    lead=_("Status viser hver kommune ved hver milepæl."),
    ask=_("Spør en kollega. Kollegene, og hva hver av dem kan, står under Kolleger."),
    tasks=(
        Task(
            "lese",
            title=_("Slik leser du status"),
            steps=(
                _("Velg «Status» ved pulja."),
                _("Hver rute har et tegn, et ord og en dato: i orden, mangler, forsinket eller ingenting å gjøre."),
                _("Tallene øverst er lenker til kommunene som mangler noe."),
                _("En rute er en lenke dit det kan gjøres noe med den."),
            ),
            wrong=(_("Mangler en kommune? Den som har trukket seg, står over tabellen."),),
            picture=Picture("staff-board", _("Status for en kommune: et tegn, et ord og en dato ved hver milepæl.")),
        ),
        Task(
            "velge",
            title=_("Slik gjør du noe med dem som mangler"),
            steps=(
                _("Velg fylke, veileder eller hva som mangler, og Vis."),
                _("Kryss av for kommunene."),
                _("Velg «Minn på dem du har valgt», eller «Skriv til dem du har valgt»."),
            ),
            wrong=(_("Filteret står i adressen. Send den til en kollega, så ser dere det samme."),),
        ),
        Task(
            "ta-med",
            title=_("Slik tar du status med på et møte"),
            steps=(
                _("Velg filteret du vil ha."),
                _("Velg «Last ned som regneark», eller skriv ut siden på A3."),
                _("Tegnene og ordene står også på papiret."),
            ),
            wrong=(_("Er utskriften for liten? Velg færre kommuner i filteret."),),
        ),
    ),
)

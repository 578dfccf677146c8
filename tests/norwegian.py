"""Words that tell one written language from another, among those that our texts may well hold."""

import re


def words(text: str) -> set[str]:
    """Not those of an address, nor the ending of an abbreviation, which both languages write: PC-en."""
    text = re.sub(r"https?://\S+|(?<=[A-ZÆØÅ])-(?:en|er|ene)\b", " ", text)
    return set(re.findall(r"[a-zæøåéòôü]+", text.lower()))


# Words that only bokmål has
BOKMAL = words("""
    ikke hva hvem hvor hvordan hvorfor hvilken hvilket hvilke fra noen noe flere deres dere jeg være vært uke uker selv
    hjem mye bare kun ennå nå siden forrige navn navnet velg åpne åpnet gjøre gjør skrevet enhet enheten enheter
    enhetene skole skolen skoler skolene eier eiere eierform styrer veileder veiledere veiledning bekreft bekrefte
    bekreftet bekreftelse bekreftelsen påminnelse påminnelser opplysninger opplysningene tjenesten kommuner kommunene
    kommunens samlinger samlingene samlingen kontakter kontaktene mottaker mottakere deltaker deltakere ansatt ansatte
    lagret endret endringer slettet opprettet registreres sendes slettes brukes vises fylles dager måned måneder
    adressen lenken lenker fylker sammen avsluttet erstatter statsforvalteren statsforvalter statsforvaltere
    innloggingen tallet antall hvis disse en et feilene koder kodene passnøkler trenger venter mangler ligger
    kommer annen annet nederst øverst fortsett fortsette begynn begynne begynner valgt valgte valgene velge leses
    ble tilgjengelighet
""")
# Words that only nynorsk has
NYNORSK = words("""
    ikkje kva kven kvar korleis kvifor frå nokon noko fleire dykk dykkar eg vere vore veke heim berre enno sidan førre
    namn namnet vel opne opna gjere gjer eining eininga einingar einingane skule skulen skular eigar eigarar
    styrar rettleiar rettleiarar rettleiing stadfest stadfeste stadfesta stadfesting påminning opplysningar tenesta
    kommunar kommunane samlingar kontaktar mottakar deltakar tilsett tilsette lagra endra endringar sletta oppretta
    dagar månad saman avslutta erstattar statsforvaltar talet dersom ein ei eit blei vart treng ventar manglar kjem
""")
ENGLISH = words("""
    the and or with this that these please select change changed add added delete deleted save home history view
    error errors page required enter choose close remove back next previous yes unknown all show hide welcome date
    participants outbox guidance gatherings user users name email password permission permissions group groups object
    action actions
""")
# Common enough that a sentence in bokmål hardly does without; none of them is English
NORWEGIAN = words("og på er som til av ikke fra kan har skal må du dere vi det et eller ingen")

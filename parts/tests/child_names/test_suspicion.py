"""Which notes lead to the question whether they name a child."""

import pytest

from parts.child_names.suspicion import suspicious

KNOWN = {"Fembøringen barnehage", "Leksvik barnehage", "Indre Fosen", "Kari Kontakt", "Vera Veileder", "Trondheim"}

NAMED = [
    ("Vi snakket om eleven Ola og uroen i klassen.", ["Ola"]),
    ("Det gjelder en gutt, Matheo, som blir holdt utenfor.", ["Matheo"]),
    ("Eleven Kristoffer trives ikke.", ["Kristoffer"]),
    ("Rektor fortalte at jenta heter Synnøve.", ["Synnøve"]),
    ("Mor til Håkon er bekymra.", ["Håkon"]),
    ("Møte med foreldrene til Leander i neste uke.", ["Leander"]),
    ("Guten Torstein vart slått i friminuttet.", ["Torstein"]),
    ("Barnet, Aisha, er redd for å gå ut.", ["Aisha"]),
    ("Ola (7) ble sendt hjem.", ["Ola"]),
    ("Synne, 9 år, går alene i friminuttet.", ["Synne"]),
    ("Ola er eleven som vi har snakket om.", ["Ola"]),
    ("Saken om N.N. er meldt.", ["N.N."]),
    ("Elev A.B.C. følges opp.", ["A.B.C."]),
    ("Fødselsnummer 01011712345 sto i saken.", ["01011712345"]),
    ("Personnummer 010117 12345 sto i saken.", ["010117 12345"]),
    ("En gutt født 3.4.2017 i 2. klasse.", ["3.4.2017"]),
    ("Ei jente fødd 2016.", ["2016"]),
    ("Vi drøfta faren til Emilian og skolen.", ["Emilian"]),
    ("Samtale med Oles mor.", ["Oles"]),
    ("Eleven Ola og eleven Kari Nilsen.", ["Ola", "Nilsen"]),
    ("Eleven går ved Vik og Ola trives ikke.", ["Ola"]),
    ("Møtet med Håvards foreldre var nyttig.", ["Håvards"]),
]
ORDINARY = [
    "",
    "Vi gikk gjennom rutinene for tilsyn i friminuttene.",
    "Barna på Fembøringen ble spurt om hva de mener om uteområdet.",
    "Elevene i Leksvik og Statsbygd svarte på undersøkelsen.",
    "PPT, FAU og SFO er med i prosjektgruppa. BUP er ikke med.",
    "Rektor Kari Kontakt leder arbeidet. Eleven skal høres etter opplæringsloven § 12-4.",
    "Vera Veileder viste film. Eleven i filmen blir ikke navngitt.",
    "Gutten på filmen bor i Trondheim.",
    "Eleven har rett til et trygt miljø. Skolen har plikt til å handle.",
    "Eleven, foreldrene og Barnevernet skal høres. Udir har en veileder.",
    "Foreldrene ønsker mer informasjon fra Testmann minne skole.",
    "Målet er at hvert barn blir sett. Barnet skal bli hørt, jf. Barnehageloven § 41.",
    "Vi brukte Olweus og Zippy i arbeidet med eleven i sentrum.",
    "Neste gang: gutter og jenter i 5. klasse. Foreldremøte kl. 18.00.",
    "Jenta i eksemplet er oppdikta.",
    "Ansatte øvde på samtalen med barnet. Hanne og Per spilte foreldre.",
    "Dei tilsette i Leksvik øvde på samtalen med eleven.",
    "Vi møttes 12.10.2026, og neste gang er 3.11.2026. Plan for 2026/2027.",
    "Ståstedsanalysen viste 14 av 20. Telefon 73 12 34 56.",
    "Ole Hansen fra Bufdir holdt innlegg om mobbing.",
    "Dagens tema: «Hvordan høre eleven?» Teams fungerte dårlig.",
    "Hovedfunn:\nEleven må være med\nAlle voksne griper inn",
    "S. 12 i rapporten. Jf. kap. 4. Nr. 3 på lista.",
    "Foreldrene på Brekstad barneskole vil møtes.",
    "Far er en viktig ressurs, sa styrer.",
    "Eleven bor i Ytre Enebakk.",
    "Eleven på Brekstad og Opphaug trives.",
    "Samtale med Gunnars assistent i går.",
]


@pytest.mark.parametrize(("text", "words"), NAMED, ids=[text for text, _words in NAMED])
def test_what_is_asked_about(text, words):
    assert suspicious(text, known=KNOWN) == words


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_notes_go_through(text):
    assert suspicious(text, known=KNOWN) == []


def test_the_name_of_an_adult_is_known_by_its_parts_and_in_the_genitive():
    text = "Eleven snakket med Tora. Det var Toras idé å spørre eleven."
    assert suspicious(text, known={"Tora Tidligere"}) == []
    assert suspicious(text, known=set()) == ["Tora", "Toras"]


@pytest.mark.parametrize("text", ["Eleven Synnøve har det bra.", "Eleven sa til Synnøve at det gikk bra."])
def test_the_first_word_counts_as_much_as_the_others(text):
    assert suspicious(text, known=()) == ["Synnøve"]


@pytest.mark.parametrize(("text", "words"), [("Emma på Maurtua", ["Emma"]), ("Emma på kontoret", []), ("Emma på", [])])
def test_where_an_adults_name_is_asked_for_a_young_one_on_a_section_is_a_childs(text, words):
    assert suspicious(text, known=(), of_adults=True) == words


def test_each_word_once():
    assert suspicious("Eleven Ola. Og eleven Ola igjen. Ola (7).", known=set()) == ["Ola"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["(" * 20_000, "A." * 20_000, "1" * 50_000, "Eleven Ola " * 3_000, "\x00\ud800"],
    ids=["brackets", "initials", "digits", "children", "no text"],
)
def test_no_text_is_too_much(text):
    suspicious(text, known=KNOWN)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Vi snakket om Jonas i 5B.", ["Jonas"]),
        ("Mamma til Liam ringte.", ["Liam"]),
        ("9a-sak: Sander", ["Sander"]),
        ("eleven jonas", ["jonas"]),
        ("Eleven Jonas", ["Jonas"]),
        ("Moren til Liam", ["Liam"]),
        ("Guro 4 år", ["Guro"]),
        ("J.N.", ["J.N."]),
        ("Ola Nordmann i 5B ble slått, mor ringte", ["Ola", "Nordmann"]),
        ("Familien til Jakob Hansen er kontaktet", ["Jakob", "Hansen"]),
        ("Ola i 5B ble slått i friminuttet", ["Ola"]),
        ("Åse Ødegård (mor til Per på 4. trinn)", ["Åse", "Ødegård", "Per"]),
        ("Den eneste jenta i 4A med rullestol", ["eneste jenta"]),
    ],
)
def test_the_usual_ways_of_writing(text, words):
    assert suspicious(text, known=()) == words


@pytest.mark.parametrize(
    "name", ["Fred Far", "Mona Mor", "Åse Ansatt", "Liv Berit Sønstebø", "Jonas Vik", "Emma-Sofie Sønn"]
)
def test_where_adults_are_listed_a_name_alone_is_not_asked_about(name):
    assert suspicious(name, known=(), of_adults=True) == []


@pytest.mark.parametrize("name", ["Åse Ødegård (mor til Per)", "Jonas i 5B", "Emma Vik, elev", "Liam (7)"])
def test_a_child_among_them_is(name):
    assert suspicious(name, known=(), of_adults=True)


def test_nynorsk_words_are_no_names():
    assert suspicious("Inga eining har noko anna enn planen. Vera med, og sjå etter inga og anna.", known=()) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Vi prata om at ho heiter Zoltara.", ["Zoltara"]),
        ("Vi vet at elevene Zoltar og Qvirin er med.", ["Zoltar", "Qvirin"]),
        ("De ertet Zoltar på bussen.", ["Zoltar"]),
        ("Berit sitter alene.", ["Berit"]),
        ("Vi tok opp Berit (7A).", ["Berit"]),
        ("Enkeltvedtak Zoltar er klart.", ["Zoltar"]),
        ("Berit sin far ringte.", ["Berit"]),
        ("Det går bedre med Liam.", ["Liam"]),
        ("Berit slo fast at planen holder.", []),
        ("Det går bedre med Berit.", []),
        ("Liam fra PPT sitter alene i gruppa.", []),
        ("Rettleiarane Liam og Emma tek over.", []),
        ("Liam er rektor ved en annen skole.", []),
        ("Emma skole har nye planer.", []),
    ],
)
def test_what_makes_a_name_a_childs_and_what_an_adults(text, words):
    assert suspicious(text, known=()) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # beside class, trinn or avdeling
        ("Jonas på avdeling Bjørka gråt", ["Jonas"]),
        ("Jonas på 5. trinn", ["Jonas"]),
        ("guten Jonas på 3. steget", ["Jonas"]),
        # beside plan, sak, vedtak or a paragraph
        ("Aktivitetsplanen til Sander er ferdig", ["Sander"]),
        ("Saken til Sander", ["Sander"]),
        ("Vedtaket om Emil", ["Emil"]),
        ("§ 12-4: Sander", ["Sander"]),
        # kin of every kind
        ("bestemora til Liam ringte", ["Liam"]),
        ("Stefaren til Liam ringte", ["Liam"]),
        ("Systera til Emma", ["Emma"]),
        ("Fosterforeldrene til Emma", ["Emma"]),
        # capitals, and small letters from dictation
        ("ELEVEN JONAS", ["JONAS"]),
        ("JONAS i 5B", ["JONAS"]),
        ("vi snakket om jonas i 5b", ["jonas"]),
        ("mamma til liam", ["liam"]),
        # nynorsk
        ("Mor hans Jonas ringde", ["Jonas"]),
        ("Eleven heiter Jonas", ["Jonas"]),
        # one flagged only the mother (S10)
        ("Ola Nordmann i 5B ble slått, mor Kari ringte", ["Ola", "Nordmann", "Kari"]),
        # what tells apart without a name
        ("den eneste gutten i 3. klasse som kom fra Syria", ["eneste gutten"]),
    ],
)
def test_each_kind_of_naming(text, words):
    assert suspicious(text, known=()) == words

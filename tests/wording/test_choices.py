"""What the house has decided against, in every text that people read. The guide with the reasons is docs/texts.md."""

import re
from pathlib import Path
from typing import NamedTuple

import polib
import pytest

from lmp.catalogue import ROOT
from tests.page_text import read

MAILS = ROOT / "templates/mails"
BOTH_ON_THE_PAGE = ["templates/400.html", "templates/500.html", "templates/pages/outage.html"]


class Rule(NamedTuple):
    found: str  # case does not matter; only whole words
    instead: str
    bites: str
    passes: str


BOKMAL = [
    # One term for one thing
    Rule(r"stab(en)?", "ansatte: another organisation's word", "Avgjort av stab.", "Stabil"),
    Rule(r"andre trinn|innlogging i to trinn", "totrinnsinnlogging", "Nullstill andre trinn", "Logg inn i to trinn"),
    Rule(r"overlat(t|ing|inger|else)", "overlevert, overlevering", "ny overlating", "overlevert"),
    Rule(r"(i|på) køen", "på ventelista", "sist i køen", "sist på ventelista"),
    Rule(r"fagansvarlige?", "barnehage- og skolefaglig ansvarlige", "de fagansvarlige", "skolefaglig ansvarlig"),
    Rule(
        r"f(ør|ører|øre|ørt) opp (\w+ ){0,2}tiltak|tiltak \w+ har ført opp", "legge til", "fører opp tiltak", "før opp"
    ),
    Rule(r"list[ae]\w* (er |som er )?(ikke )?tatt ut|ta ut lista", "laste ned", "Lista er ikke tatt ut.", "er tatt ut"),
    Rule(r"påloggi?ng\w*|logge? på|login", "logge inn", "Logg på her", "Logg inn her"),
    Rule(r"deltager\w*", "deltaker", "en deltager", "en deltaker"),
    Rule(r"e-?mail|epost\w*|mail(en)?", "e-post", "Send en mail", "Send en e-post"),
    Rule(r"link(en|er|ene)?", "lenke", "Følg linken", "Følg lenken"),
    Rule(r"kollegaer|kollegaene", "kolleger", "To kollegaer", "To kolleger"),
    # One form where bokmål has several
    Rule(
        r"(tid|natt|uk|grupp|fil|list|pulj|cell|linj|dør|hels|venteliste)en|mellomtiden",
        "tida, natta, uka, gruppa, fila, lista, pulja, cella, linja, døra, helsa",
        "Vi ser på tiden.",
        "Vi ser på tida i tide, siden enheten er ny.",
    ),
    Rule(r"frem|fremover|fremdeles|fremdrift\w*", "fram, framdrift, fortsatt", "fremdeles slått av", "fram til i dag"),
    Rule(r"dersom|såfremt", "hvis", "Dersom du vil", "Hvis du vil"),
    Rule(r"nestemann", "den neste på ventelista", "går til nestemann", "den neste på ventelista"),
    Rule(r"trenger ikke å", "trenger ikke: the infinitive alone", "Du trenger ikke å svare", "Du trenger ikke svare"),
    Rule(r"(sier|si) fra om noe", "si fra hvis noe", "sier fra om noe mangler", "sier fra om reisen"),
    Rule(r"talt", "telt", "Barna ble talt mandag", "avtalt, uttalt"),
    Rule(r"(har )?gått over fristen", "er over fristen", "Tiltaket har gått over fristen", "er over fristen"),
    Rule(
        r"(er|blir|ble) meldt av \w*samling\w*", "ikke lenger påmeldt til", "er meldt av samlingen", "Hun er meldt av"
    ),
    Rule(r"fristen har gått ut", "fristen er gått ut, as the vocabulary has it", "Fristen har gått ut.", "er gått ut"),
    Rule(
        r"(er|har|hadde|kollega|gruppa|annen|som) alt (?!som\b|annet|de\b|du\b|vi\b|å\b|om\b)\w+",
        "allerede: alt is everything",
        "Enheten er alt lagt ned.",
        "Portalen har allerede alt som står i fila. Til da er alt som før.",
    ),
    # Words for screens, true on a telephone too
    Rule(r"(denne )?maskinen", "telefonen eller PC-en", "på denne maskinen", "på telefonen eller PC-en"),
    Rule(r"(dobbelt)?klikk\w*", "velg, trykk", "Klikk her", "Velg «Lagre»"),
    # No reproach, nothing clever
    Rule(r"taus\w*|stillhet|(er|det er) stille", "lenge siden siste møte", "Tause kommuner", "Lenge siden siste møte"),
    Rule(r"hviler", "vises igjen, kommer tilbake", "Saken hviler til da", "Saken kommer tilbake da"),
    Rule(r"går tapt", "mister", "Plassen går tapt", "Du mister plassen"),
    Rule(r"beklageligvis|dessverre|vennligst", "say what happened and what to do", "Vennligst vent", "Vent litt"),
    # Plain and whole
    Rule(r"berør(es|er|t|te)", "Dette gjelder …", "2 personer berøres", "Dette gjelder 2 personer"),
    Rule(
        r"vedrørende|benytt\w*|foreta\w*|inneha\w*|ovennevnte?|hvorvidt|herunder|i henhold til|i forbindelse med",
        "om, bruke, gjøre, ha, over, om, blant annet, etter",
        "Benytt skjemaet",
        "Bruk skjemaet",
    ),
    Rule(r"bl\.a|f\.eks|osv|evt|iht|mht|pga|ift|jf", "written out", "f.eks. nå", "for eksempel nå"),
    Rule(
        r"som kan kjenne dem igjen", "som gjør at de kan kjennes igjen", "noe som kan kjenne dem igjen", "kjennes igjen"
    ),
    Rule(r"(tom|tomt)(:| når| betyr)", "La feltet stå tomt hvis …", "Tom når den er ny.", "La feltet stå tomt."),
    Rule(r"hvor (det|de|de andre|dere) står(?! i| der)", "status, hvordan det går", "Si hvor det står", "hvor det går"),
    Rule(r"spør etter fristen", "spørsmål etter fristen: one asks for nothing", "Hun spør etter fristen", "Spørsmål"),
    Rule(r"til drift", "til brukerstøtte, skriv til oss", "Si fra til drift", "Enheten er i drift"),
    Rule(r"registrert som (takket|trukket|med igjen)", "Det er registrert at …", "er registrert som takket ja", "at"),
    Rule(
        r"(skulle|ville) (?!ha )((?!ha )\w+ ){0,4}(vært|stått|blitt|kommet)",
        "skulle ha …, ville ha …",
        "Skulle det ikke vært gjort?",
        "Det skulle ha vært gjort.",
    ),
    Rule(r"én gang til", "en gang til: it is not the number that matters", "Se over én gang til.", "én gang"),
    Rule(r"(stå tomt?|kryss av|velg bare) om", "hvis", "Kryss av om du vil.", "Kryss av hvis du vil."),
    Rule(r"(tar|ta|tok|tatt) over", "overta", "Hun tar over etter deg.", "Hun overtar etter deg."),
    Rule(r"siden oppe", "siden åpen", "mens du hadde siden oppe", "mens du hadde siden åpen"),
    Rule(
        r"navngi aldri|ikke skriv navn", "Skriv aldri navn på barn.", "Navngi aldri barn.", "Skriv aldri navn på barn."
    ),
    Rule(r"dagen er gått", "datoen er passert", "Dagen er gått.", "Datoen er passert."),
]

NYNORSK = [
    # One form where nynorsk has several
    Rule(r"vart", "blei", "Kva vart gjort?", "Kva blei gjort?"),
    Rule(r"vorte|vorten", "blitt", "har vorte", "har blitt"),
    Rule(r"einige?", "samd, samde", "Kva er de einige om?", "Kva er de samde om?"),
    Rule(r"også", "òg", "Dei også", "Dei òg"),
    Rule(r"viss|hvis", "dersom", "viss du vil", "dersom du vil"),
    Rule(
        r"(?<=, )om (du|de|det er|ho|han|ingen|nokon)",
        "dersom: om begins only a question",
        "Slett ho, om ho ikkje finst.",
        "Vi veit ikkje om ho finst, om lag.",
    ),
    Rule(r"alt (lagt|stadfesta|svart|påmelde?|teke|gjort)", "allereie", "er alt stadfesta", "er allereie stadfesta"),
    Rule(r"derfor", "difor", "derfor spør vi", "difor spør vi"),
    Rule(r"att", "igjen", "Dette står att", "Dette står igjen"),
    Rule(r"mens", "medan", "mens du skreiv", "medan du skreiv"),
    Rule(r"komme", "kome", "kan ikkje komme", "kan ikkje kome"),
    Rule(r"lenk(e|a|er|ene)", "lenkje, lenkja, lenkjer", "Følg lenka", "Følg lenkja"),
    Rule(r"henne", "ho, of a thing as of a person", "Legg henne inn", "Legg ho inn"),
    Rule(r"medlemm(er|ene|ar)", "medlemer", "To medlemmer", "To medlemer"),
    Rule(r"gjaldt", "galdt", "Det gjaldt oss", "Det galdt oss"),
    Rule(r"svarar", "svarer", "Svarar du ikkje", "Svarer du ikkje"),
    Rule(r"kva for (ein|ei|eit|\w{4,}ar)", "kva", "kva for kommunar", "kva kommunar, og kva for nokre"),
    Rule(r"tyder", "betyr", "0 tyder ingen", "0 betyr ingen"),
    Rule(r"gje|gjev", "gi, gir", "å gje tilgang", "å gi tilgang"),
    Rule(r"foreslå\w*|framlegg\w*", "føreslå, forslag", "Vi foreslår", "Vi føreslår eit forslag"),
    Rule(r"grunngjeving\w*", "grunngiving", "ei grunngjeving", "ei grunngiving"),
    Rule(r"har stadfest|stadfester", "har stadfesta, stadfestar", "har stadfest", "har stadfesta"),
    Rule(r"byrj|begyn\w*", "start, byrjar", "Byrj her", "Start her. Det byrjar no."),
    Rule(r"går føre seg", "er i gang", "Pulja går føre seg", "Pulja er i gang"),
    Rule(r"milepåle\w*", "milepæl", "ved kvar milepåle", "ved kvar milepæl"),
    Rule(r"har gått ut", "er gått ut", "Fristen har gått ut", "Fristen er gått ut"),
    Rule(r"(stå tomt?|kryss av|vel berre) om", "dersom", "Vel berre om du vil", "Vel berre dersom du vil"),
    Rule(r"e-postar (\w+ ){1,5}forstått", "forståtte", "E-postar som ikkje blei forstått", "ein e-post blei forstått"),
    Rule(r"sida oppe", "sida open", "medan du hadde sida oppe", "medan du hadde sida open"),
    Rule(r"tilhøyr\w*", "høyrer til", "Adressa tilhøyrer deg", "Adressa høyrer til deg"),
    Rule(
        r"éin gong til", "ein gong til: it is not the number that matters", "Trykk éin gong til", "Trykk ein gong til"
    ),
    # One term for one thing
    Rule(r"(barnehage)?styresmakt\w*", "myndigheit", "ei styresmakt", "ei myndigheit"),
    Rule(r"tilgjenge", "tilgjengelegheit", "om tilgjenge", "om tilgjengelegheit"),
    Rule(r"overlat(en|ing|ingar)|overdraging\w*", "overlevering", "ei overdraging", "ei overlevering"),
    Rule(r"varigheit\w*", "lengd", "Varigheit", "Lengd"),
    Rule(r"andre trinn|innlogging i to trinn", "totrinnsinnlogging", "Nullstill andre trinn", "i to trinn"),
    Rule(r"(i|på) køen", "på ventelista", "sist i køen", "sist på ventelista"),
    Rule(r"kolleg(er|ar|ane)", "kollegaer, kollegaene", "To kolleger", "To kollegaer"),
    # Words for screens, no reproach, plain
    Rule(r"(denne )?maskina", "telefonen eller PC-en", "på denne maskina", "på telefonen eller PC-en"),
    Rule(r"(dobbelt)?klikk\w*", "vel, trykk", "Klikk her", "Vel «Lagre»"),
    Rule(r"tause?|stille periodar|(er|det er) stille", "lenge sidan siste møte", "der det er stille", "lenge sidan"),
    Rule(r"kviler", "blir vist igjen, kjem tilbake", "Saka kviler", "Saka kjem tilbake"),
    Rule(r"råka", "Dette gjeld …", "2 blir råka", "Dette gjeld 2"),
    Rule(
        r"allmenta|imidlertid|vedrørande|nytte seg av|i forhold til", "plain nynorsk", "i allmenta si interesse", "nå"
    ),
    Rule(
        r"som kan kjenne dei igjen", "som gjer at dei kan kjennast igjen", "noko som kan kjenne dei igjen", "kjennast"
    ),
    Rule(r"(tom|tomt)(:| når| betyr| tyder)", "La feltet stå tomt dersom …", "Tom når det gjeld", "La feltet stå tomt"),
    Rule(
        r"(kommunen|personen|samlinga|prosjektet|pulja|eining|embetet)s", "til …: no s in nynorsk", "kommunens", "til"
    ),
]
RULES = {"nb": BOKMAL, "nn": NYNORSK}

# A text that may say it all the same: its msgid or file, and why.
EXCEPTIONS = {
    "at møtene holdes uten mottakeren, i en setning; tom når det ikke er noen": "of a value, and no field to fill in",
}


def pattern(rule: Rule) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{rule.found})(?![\w-])", re.IGNORECASE)


def against(language: str, text: str) -> set[str]:
    text = re.sub(r"https?://\S+|%\(\w+\)[sdf]|\{\w+\}|<[^>]*>", " ", text)
    return {f"{found[0]} → {rule.instead}" for rule in RULES[language] if (found := pattern(rule).search(text))}


def catalogue_texts(language: str) -> dict[str, str]:
    found = {}
    for entry in polib.pofile(str(ROOT / "locale/nn/LC_MESSAGES/django.po")):
        bokmal = [entry.msgid, entry.msgid_plural]
        found[entry.msgid] = "\n".join(bokmal if language == "nb" else [entry.msgstr, *entry.msgstr_plural.values()])
    for path in (ROOT / "locale/packages" / language).rglob("*.po"):
        for entry in polib.pofile(str(path)):
            found[entry.msgid] = "\n".join([entry.msgstr, *entry.msgstr_plural.values()])
    return found


def file_texts(language: str) -> dict[str, str]:
    """The mails, the letter, and the pages that are in both languages."""
    files = [*MAILS.glob(f"*.{language}.txt"), *(ROOT / "lmp/welcome/wording").glob(f"{language}.toml")]
    found = {path.name: path.read_text() for path in files}
    for name in BOTH_ON_THE_PAGE:
        page = re.sub(r"\{[%#].*?[%#]\}", " ", (ROOT / name).read_text())
        nynorsk = " ".join(re.findall(r'<(\w+) (?:[^>]*)lang="nn".*?</\1>', page, re.DOTALL))
        found[name] = " ".join(read(nynorsk if language == "nn" else page, language).texts)
    return found


@pytest.mark.parametrize("language", RULES)
def test_each_rule_bites(language):
    for rule in RULES[language]:
        assert pattern(rule).search(rule.bites), rule
        assert not pattern(rule).search(rule.passes), rule


@pytest.mark.parametrize("language", RULES)
def test_nothing_says_what_the_house_has_decided_against(language):
    texts = catalogue_texts(language) | file_texts(language)
    assert len(texts) > 5000
    wrong = {where: found for where, text in texts.items() if (found := against(language, text))}
    assert {where: found for where, found in wrong.items() if where not in EXCEPTIONS} == {}


def test_no_exception_is_left_over():
    needless = EXCEPTIONS.keys()
    for language in RULES:
        texts = catalogue_texts(language) | file_texts(language)
        needless -= {where for where, text in texts.items() if against(language, text)}
    assert needless == set()


@pytest.mark.parametrize("language", RULES)
def test_every_file_of_words_is_read(language):
    texts = file_texts(language)
    assert {path.name for path in MAILS.glob(f"*.{language}.txt")} < texts.keys()
    assert all(text.strip() for text in texts.values())


def test_the_guide_names_the_check():
    guide = (ROOT / "docs/texts.md").read_text()
    assert Path(__file__).relative_to(ROOT).as_posix() in guide

"""The letter to Indre Fosen in pulje 5, as facts."""

from datetime import date

from lmp.welcome.letter_facts import LetterContact, LetterFacts, LetterGathering, LetterUnit, LetterWording

VENUE = "Clarion Hotel & Congress, Gardermoen"


def indre_fosen(language: str = "nb", **changed) -> LetterFacts:
    facts = {
        "language": language,
        "dated": date(2020, 3, 20),
        "cohort": 5,
        "first_year": 2020,
        "starts_on": date(2020, 9, 1),
        "municipality": "Indre Fosen",
        "organisation_number": "944305483",
        "governor": "Fylkesmannen i Trøndelag",
        "reply_by": date(2020, 5, 11),
        "reply_url": "https://portal.example.no/kommune/1/bekreft/",
        "help_address": "hjelp@example.no",
        "case_number": "2020/1234",
        "units": (
            LetterUnit("Fembøringen barnehage", "kindergarten", "974760673", head="Hanne Styrer"),
            LetterUnit("Leksvik barnehage", "kindergarten", "975315053"),
            LetterUnit("Statsbygd skole", "school", "974764687", children=120, counted_on=date(2019, 10, 1)),
            LetterUnit("Testmann minne skole", "school", "974762501"),
        ),
        "contacts": (
            LetterContact("owner", "Kari Kontakt", "kari.kontakt@example.no", "73 00 00 00"),
            LetterContact("school_lead", "Siv Skole", "siv.skole@example.no"),
        ),
        "gatherings": (
            LetterGathering(None, date(2020, 4, 21), None, VENUE, "tentative", ("owner", "authority", "head")),
            LetterGathering(1, date(2020, 9, 8), date(2020, 9, 9), VENUE, "fixed"),
        ),
        "wording": LetterWording(
            kick_off_note="Smittesituasjonen er uviss.",
            project_leaders="Trygve Utprøven, Utdanningsdirektoratet\n"
            "Magnhild Prøvereid, Utdanningsdirektoratet\n"
            "Roald Følgesvold, Læringsmiljøsenteret (skole)\n"
            "Ylva Senterlid, Læringsmiljøsenteret (barnehage)",
            senders="Signe Demodal, avdelingsdirektør\nTrygve Utprøven, seniorrådgiver",
        ),
    }
    return LetterFacts(**facts | changed)

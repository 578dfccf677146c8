"""A link in a nynorsk mail opens the portal in nynorsk, whoever's browser it is."""

import pytest

from outbox.texts import MailText, fill
from parts import own_links

SITE = "https://portal.example.no"


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = SITE


@pytest.mark.parametrize(
    ("address", "opened"),
    [
        (f"{SITE}/", f"{SITE}/?sprak=nn"),
        (f"{SITE}/enheter/7/bekreft/", f"{SITE}/enheter/7/bekreft/?sprak=nn"),
        (f"{SITE}/oversikt/?pulje=7", f"{SITE}/oversikt/?pulje=7&sprak=nn"),
        (f"{SITE}/logger/7/#kommentar", f"{SITE}/logger/7/?sprak=nn#kommentar"),
        (f"{SITE}/kalender/abc.ics", f"{SITE}/kalender/abc.ics"),
        (f"{SITE}.evil.example/", f"{SITE}.evil.example/"),
        ("https://udir.no/", "https://udir.no/"),
        (f"Se {SITE}/ og svar", f"Se {SITE}/ og svar"),
        ("Kari Nordmann", "Kari Nordmann"),
        ("", ""),
    ],
)
def test_an_address_of_a_page_of_ours_names_the_language(address, opened):
    assert own_links.in_language(address, "nn") == opened
    assert own_links.in_language(address, "nb") == address


def test_the_mail_has_it_in_its_text_and_html_and_in_lists(tmp_path):
    text = MailText("liste", "Liste", {"lenke": "", "sider": ""}, lambda _language: [], wordings=tmp_path)
    mail = fill(text, "nn", "Emne", "Her er ho:\n{lenke}\n\n{sider}", {"lenke": f"{SITE}/a/", "sider": [f"{SITE}/b/"]})
    for page in ("a", "b"):
        assert f"{SITE}/{page}/?sprak=nn" in mail.text
        assert f'href="{SITE}/{page}/?sprak=nn"' in mail.html

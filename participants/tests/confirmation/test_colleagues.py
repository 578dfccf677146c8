"""Several answer for a municipality: whoever opens the confirmation is told who has begun."""

import pytest

from conftest import make_contact, make_user
from participants.models import Contact
from participants.tests.confirmation.test_confirm import answers


@pytest.mark.parametrize("reader_has_begun", [True, False])
def test_a_colleague_who_has_begun_is_named_with_what_to_do(
    client, contact, participation, asked, url, staff, reader_has_begun
):
    """A9: «har også begynt på et utkast», to somebody who had not begun."""
    colleague = make_user("solveig@example.no", "Solveig Kollega")
    make_contact(participation, colleague, Contact.Function.AUTHORITY, by=staff)
    client.force_login(colleague)
    client.post(url, answers(participation, client.get(url), action="draft"))
    client.force_login(contact)
    if reader_has_begun:
        client.post(url, answers(participation, client.get(url), action="draft"))
    page = " ".join(client.get(url).content.decode().split())
    assert "Solveig Kollega har begynt å svare (" in page
    assert "Det holder at én svarer: avklar hvem av dere som gjør det." in page
    assert "også begynt" not in page

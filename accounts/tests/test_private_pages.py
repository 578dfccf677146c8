"""What a browser keeps of pages that somebody was signed in for."""

from django.urls import reverse


def test_a_page_of_somebodys_is_kept_in_no_shared_cache(client, contact):
    client.force_login(contact)
    page = client.get(reverse("home"))
    assert page["Cache-Control"] == "private, no-cache"
    assert "Cookie" in page["Vary"]


def test_what_a_page_says_itself_goes_before(client, contact):
    client.force_login(contact)
    assert "no-store" in client.get(reverse("gatherings:feed"))["Cache-Control"]


def test_a_script_is_the_same_for_everybody_and_may_be_kept(client, contact):
    client.force_login(contact)
    script = client.get(reverse("guidance:worker"))
    assert script["Content-Type"].startswith("text/javascript")
    assert "no-store" not in script.get("Cache-Control", "")
    assert "private" not in script.get("Cache-Control", "")


def test_nobodys_pages_say_nothing_of_it(client, db):
    assert not client.get(reverse("help")).has_header("Clear-Site-Data")


def test_no_page_may_use_what_the_portal_never_asks_for(client, db):
    assert "camera=()" in client.get(reverse("help"))["Permissions-Policy"]


def test_signing_out_empties_the_browsers_cache(client, contact):
    client.force_login(contact)
    assert not client.get(reverse("home")).has_header("Clear-Site-Data")
    assert client.post(reverse("account_logout"))["Clear-Site-Data"] == '"cache"'

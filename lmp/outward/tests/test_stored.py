"""What the scripts store in a browser is told on the page about cookies: neither less nor more."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.urls import reverse

from lmp.outward.stored import STORED

# Scripts of Django's administration that no page of ours loads: see the test below.
NOT_LOADED = {"theme.js", "nav_sidebar.js", "filters.js"}
STORES = re.compile(r"(?:local|session)Storage(?:\.setItem\(|\.\w+\s*=[^=]|\[)|caches\.open\(")
KEY = re.compile(r"""["'`](lmp-[a-z-]+:|django\.admin\.\w+)""")
OTHER_STORES = re.compile(r"indexedDB|document\.cookie\s*=|cookieStore|navigator\.storage|openDatabase")


def scripts() -> list[Path]:
    own = [*(settings.BASE_DIR / "static/js").glob("*.js"), *(settings.BASE_DIR / "templates").rglob("*.js")]
    djangos = (Path(admin.__file__).parent / "static/admin/js").glob("*.js")
    return [*own, *(script for script in djangos if script.name not in NOT_LOADED)]


def test_each_key_that_a_script_stores_under_is_told():
    told = {stored.key for stored in STORED}
    found = set()
    for script in scripts():
        source = script.read_text(encoding="utf-8")
        assert not OTHER_STORES.search(source), script
        if STORES.search(source):
            keys = set(KEY.findall(source))
            assert keys, f"{script} stores something under a key that this test does not find"
            found |= keys
    assert found == told


@pytest.mark.django_db
def test_the_page_names_them(client):
    page = client.get(reverse("cookies")).content.decode()
    for stored in STORED:
        assert f">{stored.key}</h3>" in page
        assert str(stored.what) in page
        assert f"{stored.place}. {stored.until}" in page


@pytest.mark.parametrize("name", ["participants_contact_changelist", "participants_contact_add"])
def test_what_django_stores_of_its_own_frame_is_not_loaded(as_staff, name):
    page = as_staff.get(reverse(f"admin:{name}")).content.decode()
    assert not [name for name in NOT_LOADED if name in page]

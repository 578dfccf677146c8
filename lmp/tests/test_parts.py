"""The parts that other pages are built of."""

from datetime import timedelta

import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.models import User


def drawn(name: str, **context) -> str:
    return render_to_string(f"parts/{name}.html", context)


@pytest.mark.parametrize(
    ("days", "tag"),
    [
        (-1, "Fristen er gått ut"),
        (0, "Frist i dag"),
        (1, "Frist i morgen"),
        (2, "2 dager igjen"),
        (14, "14 dager igjen"),
        (90, "90 dager igjen"),
    ],
)
def test_urgency_counts_whole_days(days, tag):
    assert f">{tag}</span>" in drawn("urgency", due=timezone.localdate() + timedelta(days=days))


@pytest.mark.parametrize(("button", "is_main"), [("", False), ("Søk", True)])
def test_to_narrow_a_list_is_never_the_main_thing_of_its_page(button, is_main):
    page = drawn("filter", form=[], button=button, request=RequestFactory().get("/"))
    assert ('data-variant="secondary"' not in page) == is_main
    assert f">{button or 'Vis'}</button>" in "".join(page.split())


def test_urgency_is_told_by_colour_too():
    today = timezone.localdate()
    colours = {days: drawn("urgency", due=today + timedelta(days=days)) for days in (-1, 5, 15)}
    assert 'data-color="danger"' in colours[-1]
    assert 'data-color="warning"' in colours[5]
    assert "data-color" not in colours[15]


def test_todo_says_what_by_when_and_for_whom():
    todo = drawn("todo", title="Bekreft <b>", url="/kommune/1/bekreft/", about="Indre Fosen", due=timezone.localdate())
    assert "Bekreft &lt;b&gt;</h3>" in todo
    assert "Frist i dag" in todo
    # the button alone says which of many it is, to those who hear it out of its place
    assert '<span class="ds-sr-only"> – Bekreft &lt;b&gt;, Indre Fosen</span></a>' in todo


def test_pagination_counts_rows_and_keeps_the_filters():
    paginator = Paginator(range(230), 50)
    page = paginator.page(2)
    request = RequestFactory().get("/kommuner/", {"status": "asked", "page": "2"})
    html = render_to_string(
        "parts/pagination.html", {"page": page, "pages": paginator.get_elided_page_range(2)}, request
    )
    assert "Rad 51–100 av 230" in html
    assert 'rel="prev" href="?status=asked&amp;page=1"' in html
    assert 'rel="next" href="?status=asked&amp;page=3"' in html
    assert 'aria-current="true"' in html


def test_pagination_of_one_page_only_counts():
    page = Paginator(range(3), 50).page(1)
    html = render_to_string("parts/pagination.html", {"page": page}, RequestFactory().get("/"))
    assert "Rad 1–3 av 3" in html
    assert "<ul" not in html


def test_pagination_of_nothing_is_nothing():
    assert render_to_string("parts/pagination.html", {"page": Paginator([], 50).page(1)}).strip() == ""


def test_definitions_tell_what_is_not_known():
    html = drawn("definitions", items=[("Telefon", ""), ("Antall barn", 0)])
    assert "Ikke oppgitt" in html.split("Antall barn")[0]
    assert "<dd>0</dd>" in html


@pytest.mark.parametrize(("level", "color"), [("error", "danger"), ("debug", "info"), ("success", "success")])
def test_alert_has_the_colour_of_its_level(level, color):
    assert f'data-color="{color}"' in drawn("alert", color=level, text="<i>")
    assert "&lt;i&gt;" in drawn("alert", color=level, text="<i>")


def test_breadcrumbs_start_at_my_page_and_end_here():
    html = drawn("breadcrumbs", page="Kontakter", parents=[("Indre Fosen", "/kommune/1/")])
    assert html.index("Min side") < html.index('href="/kommune/1/"') < html.index('aria-current="page">Kontakter')


@pytest.mark.django_db
def test_language_choice_comes_back_to_the_same_page(client):
    page = client.get("/hjelp/?a=1&b=2").content.decode()
    form = page.split('class="app-language"', 1)[1].split("</form>", 1)[0]
    assert f'action="{reverse("accounts:language")}"' in form
    assert 'name="_next" value="/hjelp/?a=1&amp;b=2"' in form
    assert 'value="nb" lang="nb" aria-current="true"' in form


@pytest.mark.django_db
def test_only_staff_are_shown_the_way_to_the_admin(client, stranger, staff):
    def header(user: User) -> str:
        client.force_login(user)
        return client.get(reverse("help")).content.decode().split("</header>", 1)[0]

    assert reverse("admin:index") not in header(stranger)
    assert reverse("admin:index") in header(staff)

"""Norwegian order: by the key in Python, and by whatever database it is."""

import random

import pytest
from django.db import connection

from accounts.models import User
from participants.models import Municipality
from parts.order import COLLATION, alphabetical

FOUND_IN_NORWAY = [
    *("Aamir", "aasen", "Aasen", "Abel", "Bodø", "Bodø-Nord", "Bodøværing", "De Boer", "Deboer", "Dønna", "Đurđa"),
    *("Eide", "Éric", "Erik", "Evje og Hornnes", "Haag", "Kárášjohka", "Karasjok", "Kautokeino", "Nes", "Næss"),
    *("Nøtterøy", "Nådland", "Ola", "Oslo", "Öberg", "Østre Toten", "Porsáŋgu", "Porsanger", "Ringerike", "Saad"),
    *("Sør-Aurdal", "Sørfold", "Sør Varanger", "Sørum", "Unjárga", "van Dijk", "Vestre Toten", "Våler (Innlandet)"),
    *("Våler (Østfold)", "Wik", "Vik", "Ytrebø", "Übel", "Zorro", "Ægir", "Ärlig", "Æsøy", "Ørsta", "Ørland", "Østby"),
    *("Åfjord", "Ål", "Ålesund", "Å", "Åås", "ål", "AL", "Anne-Marie", "Anne Marie", "Annemarie"),
    *("anne marie", "Weiß"),
    *("Weiss", "O'Brien", "O’Brien", "Obrien", "Łukasz", "Lukas", "François", "Francois", "Ǿystein", "Żak", "Zak"),
    *(
        "Ø 1",
        "Ø 10",
        "Ø 2",
        "Kari (vikar)",
        "Kari",
        "Kari, vikar",
        "Kari.",
        "Kari/Ola",
        "Kari & Ola",
        "Ⅷ",
        "½",
        "Ali B.",
    ),
    *(
        "Øs\u0301t",
        "Nguyễn",
        "Nguyen",
        "Nguyên",
        "Jönsson",
        "Jønsson",
        "Jonsson",
        "Ñandú",
        "Nandu",
        "Þór",
        "Thor",
        "Tir",
    ),
]


@pytest.mark.no_database
def test_the_last_letters_come_last_and_aa_is_two():
    assert sorted(
        ["Åfjord", "Ørsta", "Ærlig", "Zorro", "Aasen", "Abel", "abel", "Ålesund", "Öberg"], key=alphabetical
    ) == [
        *("Aasen", "abel", "Abel", "Zorro", "Ærlig", "Öberg", "Ørsta", "Åfjord", "Ålesund"),
    ]


@pytest.mark.no_database
def test_a_mark_or_a_capital_counts_only_between_names_that_are_otherwise_alike():
    assert sorted(["Eriksen", "Érik", "erik", "Erik", "Erikb"], key=alphabetical) == [
        *("erik", "Erik", "Érik", "Erikb", "Eriksen"),
    ]


def test_the_database_has_all_municipalities_in_the_same_order(db):
    names = list(Municipality.objects.order_by("name", "number").values_list("name", flat=True))
    assert len(names) == 357
    assert names == sorted(names, key=alphabetical)
    assert names[-1] == "Åsnes"


@pytest.mark.parametrize("turn", range(3))
def test_the_database_has_every_name_in_the_same_order(db, turn):
    names = sorted(set(FOUND_IN_NORWAY))
    random.Random(turn).shuffle(names)
    User.objects.bulk_create(User(email=f"order{number}@example.no", name=name) for number, name in enumerate(names))
    stored = User.objects.filter(email__startswith="order")
    found = list(stored.order_by("name").values_list("name", flat=True))
    assert found == sorted(found, key=alphabetical)
    assert list(stored.order_by("-name").values_list("name", flat=True)) == found[::-1]


def test_names_that_weigh_the_same_are_not_the_same(db):
    User.objects.create(email="one@example.no", name="Erik")
    assert not User.objects.filter(name="erik").exists()
    assert User.objects.filter(name__iexact="erik").exists()
    assert User.objects.filter(name__icontains="RIK").exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="ICU is PostgreSQL's")
def test_the_collation_is_icus(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT collprovider, collisdeterministic FROM pg_collation WHERE collname = %s", [COLLATION])
        assert cursor.fetchall() == [("i", True)]

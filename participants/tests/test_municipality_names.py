from django.db.models import Count

from participants.models import Municipality
from participants.models.geography import SHARED_NAMES


def test_those_with_one_name_are_told_apart(db):
    twice = Municipality.objects.values("name").annotate(count=Count("pk")).filter(count__gt=1)
    assert set(twice.values_list("name", flat=True)) == SHARED_NAMES
    assert Municipality.objects.get(number="1515").name_told_apart == "Herøy (Møre og Romsdal)"
    assert Municipality.objects.get(number="4601").name_told_apart == "Bergen"

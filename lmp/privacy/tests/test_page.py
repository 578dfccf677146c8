"""What is held about a person is told in one screen: a line for each subject, which opens."""

import re

import pytest
from django.urls import reverse

from lmp.privacy.kinds import KINDS, SUBJECTS
from tests.browsing import HEIGHT, WIDTHS, open_page


def test_each_kind_is_in_one_subject_and_all_are_on_the_page(client, db):
    page = client.get(reverse("privacy")).content.decode()
    folded = re.findall(r"<details.*?</details>", page, re.DOTALL)
    assert [fold.count("<dl") for fold in folded] == [len(kinds) for _subject, kinds in SUBJECTS]
    for kind in KINDS:
        assert page.count(f'<h3 class="ds-heading" data-size="xs">{kind.what}</h3>') == 1


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_all_subjects_are_in_the_first_screen(browser, site, width):
    page = open_page(browser, site + reverse("privacy"), width=width)
    page.set_viewport_size({"width": width, "height": HEIGHT})
    last = page.locator("main details").last.bounding_box()
    assert last is not None
    assert last["y"] + last["height"] <= HEIGHT

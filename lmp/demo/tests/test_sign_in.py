import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from lmp.changes import address as address_changes
from lmp.demo import personas

pytestmark = [
    pytest.mark.urls("lmp.demo.tests.demo_urls"),
    pytest.mark.slow,
    pytest.mark.xdist_group("the demo"),  # or every process would load it
]


@pytest.mark.usefixtures("demo")
class TestInDemoMode:
    @pytest.mark.parametrize("persona", personas.PERSONAS, ids=lambda persona: persona.key)
    def test_a_button_signs_in_as_that_person(self, client, persona):
        response = client.post(reverse("demo:sign_in", args=[persona.key]))

        assert response.headers["Location"] == reverse("home")
        page = client.get(reverse("home"), follow=True)
        assert page.status_code == 200
        assert page.context["user"].email == persona.person.email

    def test_whoever_has_another_address_by_now_is_still_that_person(self, client):
        address = personas.CONTACT.email
        person = User.objects.get(email=address)
        address_changes.change(person, "kari.ny@example.no", by=person, now=timezone.now())
        client.post(reverse("demo:sign_in", args=["contact"]))
        assert client.get(reverse("home")).context["user"] == person

    def test_staff_get_into_the_admin_without_a_second_factor(self, client):
        client.post(reverse("demo:sign_in", args=["staff"]))
        assert client.get(reverse("admin:index")).status_code == 200

    def test_takes_a_post(self, client):
        assert client.get(reverse("demo:sign_in", args=["staff"])).status_code == 405

    def test_an_unknown_kind_of_person_is_not_found(self, client):
        assert client.post(reverse("demo:sign_in", args=["king"])).status_code == 404

    def test_the_sign_in_page_has_a_button_for_each(self, client):
        page = client.get(reverse("account_login")).content.decode()
        for persona in personas.PERSONAS:
            assert reverse("demo:sign_in", args=[persona.key]) in page


@pytest.mark.usefixtures("demo")
class TestOutsideDemoMode:
    @pytest.fixture(autouse=True)
    def _off(self, demo, settings):
        settings.DEMO = False

    def test_nobody_is_signed_in_even_where_the_address_exists(self, client):
        assert client.post(reverse("demo:sign_in", args=["staff"])).status_code == 404
        assert "_auth_user_id" not in client.session

    def test_no_mail_is_shown_even_where_the_address_exists(self, client):
        assert client.get(reverse("demo:mails")).status_code == 404

    def test_the_sign_in_page_has_no_buttons(self, client):
        assert "/demo/" not in client.get(reverse("account_login")).content.decode()

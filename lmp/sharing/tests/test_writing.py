"""Writing a publication, laying it out and taking it back: what is judged, and what is lost by nothing."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tests.conftest import make_known
from conftest import make_user
from guidance.tests.conftest import sign_in, text_of
from lmp.sharing.models import Publication
from lmp.sharing.tests.conftest import a_publication, register
from outbox.models import Message

NEW = reverse("sharing:new")


def typed(pulje, /, **facts) -> dict:
    return {
        "cohort": pulje.pk,
        "title_nb": "Program for høsten",
        "text_nb": "Vi møtes på Gardermoen.",
        "title_nn": "Program for hausten",
        "text_nn": "Vi møtest på Gardermoen.",
    } | facts


def at(name: str, publication: Publication) -> str:
    return reverse(f"sharing:{name}", args=[publication.pk])


def seen(publication: Publication) -> dict[str, str]:
    return {"seen": Publication.objects.get(pk=publication.pk).changed_at.isoformat()}


class TestNew:
    def test_is_a_draft_that_leads_on_to_the_files(self, staff_client, cohort, staff):
        answer = staff_client.post(NEW, typed(cohort, kinds=["head", "ppt"]))
        found = Publication.objects.get()
        assert answer.url == at("files", found)
        assert (found.title_nn, found.kinds, found.created_by) == ("Program for hausten", ["head", "ppt"], staff)
        assert (found.published_at, Message.objects.count()) == (None, 0)

    def test_comes_from_the_page_of_what_it_is_about(self, staff_client, cohort, gathering):
        form = staff_client.get(f"{NEW}?pulje={cohort.pk}&samling={gathering.pk}").context["form"]
        assert (form.initial["cohort"], form.initial["gathering"]) == (cohort.pk, gathering.pk)
        assert staff_client.get(f"{NEW}?pulje=x&samling=99999999999999999999").status_code == 200

    def test_sent_twice_is_one(self, staff_client, cohort):
        token = {"token": staff_client.get(NEW).context["token"]}
        for _press in range(2):
            assert staff_client.post(NEW, typed(cohort, **token)).status_code == 302
        assert Publication.objects.count() == 1

    @pytest.mark.parametrize("token", ["", "x", "\0", "0" * 500])
    def test_a_token_that_is_none_of_ours(self, staff_client, cohort, token):
        assert staff_client.post(NEW, typed(cohort, token=token)).status_code == 302

    def test_a_gathering_says_which_pulje(self, staff_client, cohort, gathering):
        staff_client.post(NEW, typed(cohort, cohort="", gathering=gathering.pk))
        assert Publication.objects.get().cohort == cohort

    @pytest.mark.any_database
    @pytest.mark.parametrize(
        ("facts", "field", "said"),
        [
            ({"cohort": ""}, "cohort", "Velg pulja innlegget gjelder."),
            ({"cohort": "999"}, "cohort", "ikke"),
            ({"title_nb": "", "text_nb": "", "title_nn": "", "text_nn": ""}, "title_nb", "Skriv en tittel"),
            ({"title_nn": ""}, "title_nn", "Teksten på nynorsk trenger en tittel."),
            ({"text_nn": " "}, "text_nn", "Skriv teksten på nynorsk også"),
            ({"text_nb": ""}, "text_nb", "Skriv teksten på bokmål også"),
            ({"title_nb": "x" * 151}, "title_nb", "150"),
            ({"text_nb": "x" * 5001}, "text_nb", "5000"),
            ({"title_nb": "nul\0l"}, "title_nb", "et usynlig tegn"),
            ({"text_nb": "nul\0l"}, "text_nb", "et usynlig tegn"),
            ({"kinds": ["king"]}, "kinds", "king"),
            ({"shown_until": "2020-01-01"}, "shown_until", "Velg en dag fra og med i dag"),
            ({"shown_until": "9999-12-31"}, "shown_until", "Velg en dag fra og med i dag"),
            ({"text_nb": "Eleven Ola Hansen gruer seg."}, "no_children", "navngir et barn"),
        ],
    )
    def test_what_is_wrong_is_said_and_the_rest_is_kept(self, staff_client, cohort, facts, field, said):
        answer = staff_client.post(NEW, typed(cohort, **facts))
        assert answer.status_code == 422
        assert said in " ".join(answer.context["form"].errors[field])
        assert not Publication.objects.exists()
        if "title_nn" not in facts:
            assert 'value="Program for hausten"' in answer.text

    def test_one_language_is_enough(self, staff_client, cohort):
        staff_client.post(NEW, typed(cohort, title_nb="", text_nb=""))
        found = Publication.objects.get()
        assert found.languages == ["nn"]
        assert found.wording("nb") == ("Program for hausten", "Vi møtest på Gardermoen.", "nn")

    def test_a_county_or_a_gathering(self, staff_client, cohort, gathering, participation):
        facts = typed(cohort, gathering=gathering.pk, county=participation.municipality.county_id)
        assert "Velg enten en samling eller et fylke." in staff_client.post(NEW, facts).text

    def test_a_gathering_of_another_pulje(self, staff_client, cohort, gathering):
        other = type(cohort).objects.create(number=41, first_year=2041, starts_on="2041-09-01", confirm_by="2041-09-01")
        assert "Samlingen er i pulje 9." in staff_client.post(NEW, typed(other, gathering=gathering.pk)).text

    def test_what_was_typed_survives_a_session_that_ended(self, staff_client, cohort, staff):
        make_known(staff_client, staff).cookies.pop("sessionid")
        answer = staff_client.post(NEW, typed(cohort), headers={"origin": "http://testserver"})
        assert answer.status_code == 302
        sign_in(staff_client, staff)
        assert "Program for hausten" in text_of(staff_client.get(reverse("accounts:unsent_forms")))


class TestChange:
    def test_keeps_who_and_when(self, staff_client, cohort, staff):
        found = a_publication(cohort, by=staff)
        answer = staff_client.post(at("change", found), typed(cohort, title_nb="Nytt program") | seen(found))
        found.refresh_from_db()
        assert (answer.url, found.title_nb, found.changed_by) == (found.get_absolute_url(), "Nytt program", staff)
        assert found.changed_at > found.created_at
        assert found.history.count() == 3

    def test_a_draft_leads_on_to_looking_it_over(self, staff_client, cohort, staff):
        found = a_publication(cohort, is_draft=True, by=staff)
        assert staff_client.post(at("change", found), typed(cohort) | seen(found)).url == at("preview", found)

    def test_what_a_colleague_changed_meanwhile_is_not_written_over(self, staff_client, cohort, staff):
        found = a_publication(cohort, by=staff)
        mine = seen(found)
        colleague = make_user("kollega@example.no", "Kaja Kollega", is_staff=True)
        found.change(facts={"title_nb": "Kollegaens"}, by=colleague, now=timezone.now())
        answer = staff_client.post(at("change", found), typed(cohort, title_nb="Min") | mine)
        assert answer.status_code == 422
        assert "Kaja Kollega endret innlegget" in answer.text
        assert 'value="Min"' in answer.text
        assert Publication.objects.get().title_nb == "Kollegaens"
        staff_client.post(at("change", found), typed(cohort, title_nb="Min") | {"seen": answer.context["seen"]})
        assert Publication.objects.get().title_nb == "Min"

    def test_for_others_shows_who_first(self, staff_client, cohort, everybody, staff):
        found = a_publication(cohort, kinds=["head", "owner"], by=staff)
        facts = typed(cohort, kinds=["head", "leader"]) | seen(found)
        page = text_of(staff_client.post(at("change", found), facts))
        assert "Ser innlegget fra nå" in page
        assert "Pia Prosjektleder" in page
        assert "Ser det ikke lenger" in page
        assert "Kari Kontakt" in page
        assert "Hanne Styrer" not in page
        assert Publication.objects.get().kinds == ["head", "owner"]
        back = staff_client.post(at("change", found), facts | {"_back": "1"})
        assert back.context["form"].data.getlist("kinds") == ["head", "leader"]
        assert staff_client.post(at("change", found), facts | {"_confirmed": "1"}).url == found.get_absolute_url()
        assert Publication.objects.get().kinds == ["head", "leader"]

    def test_a_day_that_has_gone_may_stay(self, staff_client, cohort, staff, today):
        gone = today - timedelta(days=3)
        found = a_publication(cohort, shown_until=gone, by=staff)
        facts = typed(cohort, shown_until=gone.isoformat())
        assert staff_client.post(at("change", found), facts | seen(found)).status_code == 302


class TestLayingOut:
    @pytest.fixture
    def draft(self, cohort, welcomed, staff) -> Publication:
        return a_publication(cohort, is_draft=True, title_nn="", by=staff)

    def test_shows_who_and_how_first(self, staff_client, draft, everybody):
        page = text_of(staff_client.get(at("preview", draft)))
        assert "9 personer i dag." in page
        assert "Statsforvaltere: 2" in page
        assert "Innlegget er bare skrevet på bokmål." in page
        assert "Den som har flere funksjoner, er telt ved hver av dem." not in page

    def test_says_why_the_kinds_are_more_than_the_people(self, staff_client, draft, everybody, gathering, staff):
        register(
            everybody["contact"], gathering, draft.cohort.participations.get(municipality__number="5054"), by=staff
        )
        page = text_of(staff_client.get(at("preview", draft)))
        assert "9 personer i dag." in page
        assert "Den som har flere funksjoner, er telt ved hver av dem." in page

    def test_is_laid_out_once_and_tells_nobody(self, staff_client, draft, staff):
        for _press in range(2):
            assert staff_client.post(at("preview", draft), seen(draft)).url == draft.get_absolute_url()
        draft.refresh_from_db()
        assert draft.published_by == staff
        assert draft.history.filter(published_at__isnull=False).count() == 1
        assert not Message.objects.exists()

    def test_not_as_it_was_before_it_changed(self, staff_client, draft, staff):
        before = seen(draft)
        draft.change(facts={"title_nb": "Annet"}, by=staff, now=timezone.now())
        assert staff_client.post(at("preview", draft), before).url == at("preview", draft)
        assert Publication.objects.get().published_at is None

    def test_a_cancelled_gathering_and_a_day_that_is_gone_are_said(self, staff_client, draft, gathering, staff, today):
        gathering.settled = "cancelled"
        gathering.save_by(staff)
        facts = {"gathering": gathering, "shown_until": today - timedelta(days=1)}
        draft.change(facts=facts, by=staff, now=timezone.now())
        page = text_of(staff_client.get(at("preview", draft)))
        assert "Samlingen er avlyst." in page
        assert "Datoen innlegget skulle vises til og med, er passert." in page

    def test_taken_back_and_laid_out_again(self, staff_client, draft, contact, staff):
        assert staff_client.get(at("take_back", draft)).url == draft.get_absolute_url()
        staff_client.post(at("preview", draft), seen(draft))
        assert staff_client.get(at("take_back", draft)).status_code == 200
        for _press in range(2):
            assert staff_client.post(at("take_back", draft)).url == draft.get_absolute_url()
        assert staff_client.get(at("take_back", draft)).url == draft.get_absolute_url()
        reader = Client()
        reader.force_login(contact)
        assert reader.get(draft.get_absolute_url()).status_code == 404
        assert "Tatt tilbake av Stine Stab" in text_of(staff_client.get(draft.get_absolute_url()))
        staff_client.post(at("preview", draft), seen(draft))
        assert reader.get(draft.get_absolute_url()).status_code == 200


class TestList:
    def shown(self, staff_client, query: str = "") -> list[str]:
        rows = staff_client.get(reverse("sharing:list") + query).context["rows"]
        return [str(publication) for publication, _state in rows]

    @pytest.fixture(autouse=True)
    def four(self, cohort, gathering, participation, staff, today) -> None:
        a_publication(cohort, title_nb="Brev", title_nn="", by=staff)
        a_publication(cohort, title_nb="Avis", title_nn="", county=participation.municipality.county, by=staff)
        taken = a_publication(cohort, title_nb="Cv", title_nn="", gathering=gathering, by=staff)
        taken.take_back(by=staff, now=timezone.now())
        a_publication(cohort, title_nb="Dikt", title_nn="", is_draft=True, by=staff)
        a_publication(cohort, title_nb="Eple", title_nn="", shown_until=today - timedelta(days=1), by=staff)

    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ("", ["Eple", "Dikt", "Cv", "Avis", "Brev"]),
            ("?sorter=tittel", ["Avis", "Brev", "Cv", "Dikt", "Eple"]),
            ("?tilstand=vises", ["Avis", "Brev"]),
            ("?tilstand=utkast", ["Dikt"]),
            ("?tilstand=tilbake", ["Cv"]),
            ("?tilstand=over", ["Eple"]),
            ("?tilstand=tull&sorter=tull&pulje=x&page=99", ["Eple", "Dikt", "Cv", "Avis", "Brev"]),
            ("?q=avis", ["Avis"]),
            ("?q=%00", ["Eple", "Dikt", "Cv", "Avis", "Brev"]),
            ("?q=finnes+ikke", []),
        ],
    )
    def test_narrowed_and_sorted(self, staff_client, query, titles):
        assert self.shown(staff_client, query) == titles

    def test_by_what_it_is_about(self, staff_client, gathering, participation):
        assert self.shown(staff_client, f"?samling={gathering.pk}") == ["Cv"]
        assert self.shown(staff_client, f"?fylke={participation.municipality.county_id}") == ["Avis"]


def test_staff_who_only_look_change_nothing(client, cohort, staff):
    found = a_publication(cohort, by=staff)
    person = make_user("ser.paa@example.no", "Siri Ser", is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_participation"))
    looks = sign_in(client, person)
    assert looks.get(reverse("sharing:list")).status_code == 200
    page = looks.get(found.get_absolute_url())
    assert page.status_code == 200
    assert reverse("sharing:change", args=[found.pk]) not in page.text
    assert looks.get(NEW).status_code == 403
    for name in ("change", "files", "preview", "take_back", "tell"):
        assert looks.get(at(name, found)).status_code == 403
        assert looks.post(at(name, found)).status_code == 403

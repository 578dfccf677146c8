"""All that is held about one person is erased, because they ask for it: what goes and what stays is shown first."""

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.authentication import second_factor
from accounts.models import User
from accounts.requests import PersonRequest
from lmp.changes.people.correcting import for_staff
from lmp.privacy import erasing
from lmp.privacy.erasing import ErasedPerson
from outbox.effects import Section, effects_page
from parts.forms import BACK, EmailField, is_confirmed


class ErasePersonForm(forms.Form):
    """The address is typed once more, so that it is this person who is meant."""

    email = EmailField(
        label=gettext_lazy("E-postadressen til personen"),
        help_text=gettext_lazy("Skriv den på nytt, så vi vet at det er riktig person."),
    )

    def __init__(self, *args, person: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if email != self.person.email:
            raise ValidationError(_("Dette er ikke adressen til personen."), code="other")
        return email


@require_http_methods(["GET", "POST"])
@transaction.atomic
def erase(request: PersonRequest, pk: int) -> HttpResponse:
    person, now = for_staff(request, pk), timezone.now()
    if not second_factor.is_shown_recently(request, now=now) and request.method == "GET":
        return redirect_to_login(request.get_full_path(), reverse("accounts:reauthenticate"))
    reasons = erasing.why_not(person, today=timezone.localdate(now))
    form = ErasePersonForm(request.POST or None, person=person)
    parents = [(str(person), reverse("changes:person", args=[person.pk]))]
    if request.method == "POST" and BACK not in request.POST and not reasons and form.is_valid():
        if not is_confirmed(request):
            return effects_page(
                request,
                title=_("Slette opplysningene om %(name)s?") % {"name": person},
                act=lambda: erasing.erase(person, by=request.user, now=now),
                sections=sections,
                now=now,
                button=_("Slett opplysningene"),
                breadcrumbs=parents,
            )
        done = erasing.erase(person, by=request.user, now=now)
        return render(request, "changes/erased_person.html", {"sections": sections(done)})
    context = {"person": person, "parents": parents, "form": form, "reasons": reasons}
    return render(request, "changes/erase_person.html", context, status=422 if form.errors else 200)


def sections(done: ErasedPerson) -> list[Section]:
    """Numbers only: what says more than the database holds is no receipt, but a copy."""
    return [(_("Dette slettes"), done.gone), (_("Dette blir igjen"), done.left)]

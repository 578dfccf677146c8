from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from participants.forms import ContactForm
from participants.mails import notices
from participants.models import Contact, Participation
from parts.forms import say


@require_safe
def contacts(request: PersonRequest, pk: int) -> HttpResponse:
    participation = get_object_or_404(
        Participation.objects.visible_to(request.user).select_related("municipality__county", "cohort"), pk=pk
    )
    everybody = (
        participation.contacts.with_dead_addresses()
        .select_related("user", "unit")
        .order_by("unit__name", "function", "name")
    )
    current = [contact for contact in everybody if contact.ended_at is None]
    context = {
        "participation": participation,
        "for_municipality": [contact for contact in current if contact.unit_id is None],
        "heads": [contact for contact in current if contact.unit_id],
        "former": [contact for contact in everybody if contact.ended_at],
        "editable": Participation.objects.editable_by(request.user).filter(pk=pk).exists(),
        "asked": participation.open_confirmation,
    }
    return render(request, "participants/contacts.html", context)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def add(request: PersonRequest, pk: int) -> HttpResponse:
    participation = get_object_or_404(
        Participation.objects.editable_by(request.user).select_related("municipality__county", "cohort"), pk=pk
    )
    initial = {"unit": request.GET.get("enhet"), "function": "head" if request.GET.get("enhet") else None}
    form = ContactForm(request.POST or None, participation=participation, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        contact = participation.add_contact(**form.cleaned_data, by=request.user, now=now)
        _say_added(request, contact, told=notices.access_given(contact, now=now))
        return redirect("participants:contacts", participation.pk)
    return _form(request, "participants/contact_add.html", form, participation=participation)


def _say_added(request: PersonRequest, contact: Contact, *, told: bool) -> None:
    """Nobody is mailed before the municipality has had its letter, nor of access that they have already."""
    if told:
        text = _("%(name)s er lagt til som %(title)s, og har fått en e-post om tilgangen.")
    elif contact.participation.welcomed_at:
        text = _("%(name)s er lagt til som %(title)s. Personen hadde tilgang fra før, og får ingen e-post om det.")
    else:
        text = _("%(name)s er lagt til som %(title)s. Personen får en e-post når velkomstbrevet er sendt.")
    say(request, text % {"name": contact.name, "title": contact.title})


def _form(request: PersonRequest, template: str, form: ContactForm, **context) -> HttpResponse:
    context = {"participation": form.participation, "form": form} | context
    return render(request, template, context, status=422 if form.is_bound else 200)

"""The letter as it was sent, to one person later: a contact who came after it, or who never got it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from lmp.welcome import mails
from lmp.welcome.models import Letter
from outbox.admin.forms import SendAgainForm
from outbox.models import Message
from participants.models import Contact
from parts.forms import say


@require_http_methods(["GET", "HEAD", "POST"])
def letter_to(request: PersonRequest, pk: int, context: dict) -> HttpResponse:
    """To whom it goes, what they have got of it before, and why it is sent; then send it."""
    contact = get_object_or_404(
        Contact.objects.select_related("user", "unit", "participation__municipality__county", "participation__cohort"),
        pk=pk,
    )
    letter = Letter.objects.sent().filter(participation=contact.participation_id).defer("pdf").first()
    if hindrance := _hindrance(letter, contact):
        say(request, hindrance, level=messages.WARNING)
    if letter is None or hindrance:
        return redirect("admin:participants_contact_change", contact.pk)
    letter.participation = contact.participation
    form = SendAgainForm(request.POST or None, address=contact.user.email)
    form.fields["reason"].label = _("Hvorfor sendes brevet?")
    if request.method == "POST" and form.is_valid():
        token, reason = str(form.cleaned_data["token"]), form.cleaned_data["reason"]
        message = mails.sent_later(letter, to=contact, reason=reason, token=token, by=request.user, now=timezone.now())
        say(request, _("Velkomstbrevet sendes til %(name)s, %(to)s.") % {"name": contact.name, "to": message.to})
        return redirect("admin:participants_contact_change", contact.pk)
    earlier = Message.objects.about_rows(Letter, [letter.pk]).to_person(contact.user)
    shown = {
        "title": _("Send velkomstbrevet til %(name)s") % {"name": contact.name},
        "contact": contact,
        "letter": letter,
        "form": form,
        "mails": earlier.with_states(timezone.now()),
    }
    return TemplateResponse(request, "admin/welcome/letter_to.html", context | shown)


def _hindrance(letter: Letter | None, contact: Contact) -> str:
    """Why the letter can't be sent to this contact. Empty when it can."""
    if letter is None:
        return _("Kommunen har ikke fått velkomstbrevet ennå. Det sendes fra siden til pulja.")
    if contact.ended_at or not contact.user.is_active:
        return _("Personen har ikke tilgang lenger, og får derfor ikke brevet.")
    return ""

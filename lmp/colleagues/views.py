"""Who is staff and what they may, how a colleague is let in, and how one stops."""

from functools import partial

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import PersonRequest
from lmp.colleagues import leaving, mails
from lmp.colleagues.forms import ColleagueForm, ResignForm
from lmp.colleagues.hiring import let_in
from lmp.colleagues.models import Resignation
from lmp.colleagues.roles import rights_of
from outbox.effects import effects_page
from parts.dates import day_in_words
from parts.forms import BACK, is_asked, say
from parts.order import alphabetical

CALL_OFF = "call_off"


@require_safe
def colleagues(request: PersonRequest) -> HttpResponse:
    if not request.user.is_staff:
        raise Http404
    people = User.objects.filter(is_staff=True).prefetch_related("groups")
    leaves = {each.person_id: each for each in Resignation.objects.coming().select_related("heir")}
    rows = [
        (person, rights_of(person), leaves.get(person.pk))
        for person in sorted(people, key=lambda person: alphabetical(str(person)))
    ]
    return render(request, "colleagues/list.html", {"rows": rows, "may_let_in": request.user.is_superuser})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """For those who may give others access: as in the administration, superusers alone."""
    if not (request.user.is_staff and request.user.is_superuser):
        raise Http404
    form = ColleagueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = ("name", "email", "reads_needs", "sees_as_others", "lets_others_in")
        facts = {name: form.cleaned_data[name] for name in asked}
        try:
            person = let_in(**facts, by=request.user, now=timezone.now())
        except ValidationError as error:  # somebody else was first
            form.add_error("email", error)
        else:
            said = _("%(name)s har fått tilgang, og får en e-post om å komme i gang.")
            say(request, said % {"name": person})
            return redirect("colleagues:list")
    context = {"form": form, "parents": _parents()}
    return render(request, "colleagues/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: PersonRequest, pk: int) -> HttpResponse:
    """A colleague stops: what is open on their name, and who takes it over. What it does is shown first."""
    if not (request.user.is_staff and request.user.is_superuser):
        raise Http404
    now = timezone.now()
    person = get_object_or_404(User, pk=pk)
    coming = person.resignations.coming().select_related("heir").first()
    if CALL_OFF in request.POST:
        if coming and coming.call_off(by=request.user, now=now):
            mails.stays(coming, by=request.user, now=now)
            say(request, _("Det er avlyst at %(name)s slutter.") % {"name": person})
        return redirect("colleagues:list")
    if not person.is_staff:
        say(request, _("%(name)s er ikke lenger ansatt i portalen.") % {"name": person})
        return redirect("colleagues:list")
    form = ResignForm(request.POST or None, person=person, today=timezone.localdate(now))
    if request.method == "POST" and BACK not in request.POST and form.is_valid():
        act = partial(leaving.agree, person, **form.cleaned_data, by=request.user, now=now)
        try:
            if is_asked(request):
                title = _("Dette skjer når %(name)s slutter") % {"name": person}
                sections, back = leaving.sections, _parents()
                return effects_page(request, title=title, act=act, sections=sections, now=now, breadcrumbs=back)
            left = act()
        except ValidationError as error:
            form.add_error(None, error)
        else:
            say(request, _said(left.resignation))
            return redirect("colleagues:list")
    context = {
        "form": form,
        "person": person,
        "coming": coming,
        "work": leaving.open_work(person, now=now),
        "parents": _parents(),
    }
    return render(request, "colleagues/leave.html", context, status=422 if form.errors else 200)


def _parents() -> list[tuple[str, str]]:
    return [(_("Kolleger"), reverse("colleagues:list"))]


def _said(resignation: Resignation) -> str:
    names = {"name": resignation.person, "day": day_in_words(resignation.ends_on)}
    if resignation.carried_out_at:
        return _("%(name)s har ikke lenger tilgang.") % names
    return _("%(name)s slutter %(day)s.") % names

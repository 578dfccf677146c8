"""What templates need beyond Django: dates with their weekday, and the errors of a page gathered in one place."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, cast

from django import template
from django.contrib.auth.models import AnonymousUser
from django.forms import BaseForm, BoundField, CheckboxInput, Field, FileInput
from django.forms.formsets import BaseFormSet
from django.forms.widgets import ChoiceWidget
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, urlize
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext

from accounts.models import User
from gatherings.models import Gathering
from lmp.changes.models import Succession
from lmp.help import places
from lmp.mailcalendar import access as mailcalendar
from lmp.sharing import access as sharing
from lmp.sharing.models import Publication
from participants import states
from participants.models import Cohort, Participation
from parts.dates import day_in_words, last_day, moment_in_words, through
from parts.phone import dialled, unbroken

if TYPE_CHECKING:
    from participants.states import WithState

register = template.Library()
# Of what is shared, on a page about something else.
NEWEST_SHARED = 5


@register.filter(expects_localtime=True)
def weekday_date(value: date | None) -> str:
    """mandag 3. mai 2027"""
    return day_in_words(value)


@register.filter(name="through")
def through_filter(value: date | datetime | None) -> str:
    """til og med mandag 3. mai 2027, for a deadline: its last day, or the midnight that it ends at."""
    return through(last_day(value) if isinstance(value, datetime) else value)


@register.filter(expects_localtime=True)
def weekday_datetime(value: datetime | None) -> str:
    """mandag 3. mai 2027 kl. 14.05"""
    return moment_in_words(value)


@register.filter
def may_pause(user: User | AnonymousUser) -> bool:
    """Whether they switch reminders off, and on again."""
    return isinstance(user, User) and mailcalendar.may_pause(user)


register.filter(unbroken)
register.filter(dialled)


@register.filter(is_safe=True, needs_autoescape=True)
def linked(text: str, autoescape: bool = True) -> str:
    """The text with its addresses as links in the design's look."""
    found = urlize(text, nofollow=True, autoescape=autoescape)
    return mark_safe(found.replace("<a ", '<a class="ds-link" '))  # noqa: S308 – escaped by urlize


@register.filter
def state_label(participation: "WithState") -> Promise:
    """How far the municipality has come, for one loaded by `participants.states.with_state`."""
    return states.LABELS[states.state(participation)]


@register.filter
def state_colour(participation: "WithState") -> str:
    return states.COLOURS.get(states.state(participation), "neutral")


@register.filter
def days_until(value: date | datetime | None) -> int | None:
    """Whole days from today; negative when the day has passed."""
    if not value:
        return None
    day = timezone.localdate(value) if isinstance(value, datetime) else value
    return (day - timezone.localdate()).days


@register.simple_tag
def coming_successions(participation: Participation) -> list[Succession]:
    """Who takes over from a day to come in a municipality and its units."""
    found = Succession.objects.coming().filter(contact__participation=participation)
    return list(found.in_words())


@register.filter
def in_my_language(publication: Publication) -> str:
    """Its title, as the reader reads the portal; in the language it has when it has but one."""
    title, language = publication.title_in(get_language() or "")
    return format_html('<span lang="{}">{}</span>', language, title)


@register.inclusion_tag("sharing/parts/about.html", takes_context=True)
def documents_and_news(
    context: template.Context,
    cohort: Cohort | None = None,
    participation: Participation | None = None,
    gathering: Gathering | None = None,
) -> dict:
    """What is shared with those of this, as far as the reader may see it: for a page about one of them, in any app."""
    user, today = context["request"].user, timezone.localdate()
    found = sharing.about(user, today=today, cohort=cohort, participation=participation, gathering=gathering)
    return {
        "rows": found[:NEWEST_SHARED],
        "more": len(found) > NEWEST_SHARED,
        "narrowed": _narrowed(cohort, gathering) if user.is_staff else "",
        "cohort": cohort,
        "gathering": gathering,
        "may_share": sharing.may_share(user),
    }


def _narrowed(cohort: Cohort | None, gathering: Gathering | None) -> str:
    """What staff's list of all that is shared is narrowed to, in an address."""
    if gathering:
        return f"?samling={gathering.pk}"
    return f"?pulje={cohort.pk}" if cohort else ""


def field_target(field: BoundField) -> str:
    """The id that a link to this field should move focus to."""
    if field.id_for_label:
        return field.id_for_label
    return (field.subwidgets[0].id_for_label if len(field) else "") or field.auto_id


def form_errors(form: BaseForm) -> Iterator[dict[str, str]]:
    title = getattr(form, "title", "")
    for message in form.non_field_errors():
        yield {"target": "", "text": labelled(title, message)}
    for field in form:
        target = "" if field.is_hidden else field_target(field)
        label = f"{title}, {uncapitalised(str(field.label))}" if title else field.label
        if getattr(field.field, "says_it_all", False):
            label = title
        for error, message in zip(field.errors, errors_in_words(field), strict=True):
            yield {"target": target, "text": labelled(title if error != message else label, message)}


@register.filter
def errors_in_words(field: BoundField) -> list[str]:
    """What is wrong with a field. What is lacking is named, in the same words beside the field as in the summary."""
    lacking = Field.default_error_messages["required"]
    return [_named(field) if error == lacking and field.label else str(error) for error in field.errors]


def _named(field: BoundField) -> str:
    label, widget = str(field.label).rstrip(": "), field.field.widget
    if isinstance(widget, CheckboxInput):
        return gettext("Kryss av for «%(label)s».") % {"label": label}
    if label.endswith("?"):
        return gettext("Svar på «%(label)s»") % {"label": label}
    if isinstance(widget, ChoiceWidget | FileInput):
        return gettext("Velg noe under «%(label)s».") % {"label": label}
    return gettext("Fyll ut «%(label)s».") % {"label": label}


@register.filter
def says_required(field: BoundField) -> bool:
    """Whether the control itself is marked as required, so that a screen reader says it without the tag."""
    return "required" in field.build_widget_attrs({})


def labelled(label: object, message: object) -> str:
    if not label:
        return str(message)
    # A question keeps its own mark
    return f"{label} {message}" if str(label)[-1] in "?.!:" else f"{label}: {message}"


def uncapitalised(label: str) -> str:
    """A label in the middle of a sentence; an abbreviation stays in capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def errors_of(*forms: BaseForm | BaseFormSet | None) -> Iterator[dict[str, str]]:
    for form in forms:
        if not form or not form.is_bound:
            continue
        if isinstance(form, BaseFormSet):
            for message in form.non_form_errors():
                yield {"target": "", "text": str(message)}
            for row in form:
                yield from form_errors(row)
        else:
            yield from form_errors(form)


@register.inclusion_tag("parts/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet | None) -> dict:
    """The box above the submit button; empty without errors. A form's own `title` names its row in a formset."""
    return {"errors": list(errors_of(*forms))}


@register.simple_tag(takes_context=True)
def help_for_page(context: template.Context) -> str | None:
    """The address of the help for this page, or None. A page about an error has no view of its own."""
    request = context.get("request")
    match, user = getattr(request, "resolver_match", None), getattr(request, "user", None)
    return places.about(match.view_name, user) if match and user else None


@register.simple_tag(takes_context=True)
def page_has_errors(context: template.Context) -> bool:
    """Whether any form or formset in the page's context, alone or in a list, was sent in with an error."""
    return any(has_errors(value) for value in context.flatten().values())


def has_errors(value: object) -> bool:
    # By type, not isinstance: that would load the lazy objects of the context (person, token) on every page
    if issubclass(type(value), list | tuple):
        return any(has_errors(part) for part in cast(Iterable, value))
    if issubclass(type(value), BaseForm | BaseFormSet):
        return any(errors_of(cast(BaseForm | BaseFormSet, value)))
    return False

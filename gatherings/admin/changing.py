"""The page between a change of a gathering and its saving: what it does, and to whom."""

from copy import copy
from datetime import date, time
from typing import cast

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings import changing, deadlines, places
from gatherings.models import Gathering
from parts.admin import admin_page
from parts.dates import day_in_words
from parts.forms import carried

VERSIONS = 20  # how far back a page may have been opened and still be shown what has changed since


def overtaken(instance: Gathering, *, seen: str) -> tuple[str, str] | None:
    """What has changed since the row was read, in words, and its fingerprint now; None when it is the same.

    Needs a transaction: nobody changes the row until that ends.
    """
    stored = places.lock(instance)
    now_seen = changing.fingerprint(stored)
    if seen == now_seen:
        return None
    versions = list(stored.history.select_related("history_user")[:VERSIONS])
    who = versions[0].history_user if versions else None
    read = next((version.instance for version in versions if changing.fingerprint(version.instance) == seen), None)
    changed = differences(read, stored) if read else []
    said = _("%(who)s har endret samlingen etter at du åpnet siden. Ingenting av ditt er lagret.") % {
        "who": who or _("En annen")
    }
    if changed:
        said += " " + _("Endret til: %(values)s.") % {
            "values": "; ".join(f"{label}: {after or '–'}" for label, _before, after in changed)
        }
    said += " " + _("Det du skrev, står fortsatt i skjemaet. Lagre på nytt hvis det skal gjelde i stedet.")
    return said, now_seen


def differences(before: Gathering, after: Gathering) -> list[tuple[str, str, str]]:
    """Each field that differs: what it is called, and how it reads before and after."""
    return [
        (capfirst(str(field.verbose_name)), _shown(field, before), _shown(field, after))
        for field in Gathering._meta.concrete_fields
        if field.editable and getattr(before, field.attname) != getattr(after, field.attname)
    ]


def _notes(
    before: Gathering, after: Gathering, effects: changing.GatheringEffects, *, sentence: str, today: date
) -> list[str]:
    """What staff may not have thought of."""
    found = []
    for name, said in (
        ("closes_on", _("Påmeldingsfristen er gått ut allerede: ingen kan melde på, endre eller melde av.")),
        ("travel_closes_on", _("Fristen for å bestille reise er gått ut allerede.")),
    ):
        day = getattr(after, name)
        if day and day < today and day != getattr(before, name) and not after.is_past(today=today):
            found.append(said)
    if sentence and not effects.mails.mails:
        found.append(_("Ingen får e-post om endringen. Meldingen fra dere blir bare stående i historikken."))
    return found


def _left_behind(before: Gathering, after: Gathering) -> list[tuple[str, str, str]]:
    """The deadlines that stay though the gathering moves: what each is called, what it is, and what it would become."""
    if not after.starts_on or after.starts_on == before.starts_on:
        return []
    along = copy(before)
    for name, day in deadlines.moved_along(before, starts_on=after.starts_on, today=timezone.localdate()).items():
        if name in deadlines.STEPS and getattr(after, name) == getattr(before, name):
            setattr(along, name, day)
    return differences(before, along)


def _shown(field: models.Field, gathering: Gathering) -> str:
    value = getattr(gathering, field.name)
    match value:
        case None | "":
            return ""
        case date():
            return day_in_words(value)
        case time():
            return formats.time_format(value, "H.i")
        case list():
            labels = dict(Gathering.AUDIENCE)
            return ", ".join(str(labels.get(one, one)) for one in value) or _("alle")
    return str(dict(field.flatchoices).get(value, value))


def effects_page(modeladmin: admin.ModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse | None:
    """The page, or None where there is nothing to say: the change concerns nobody, or is not to be saved at all."""
    with transaction.atomic():
        gathering = modeladmin.get_object(request, unquote(object_id))
        if gathering is None or not modeladmin.has_change_permission(request, gathering):
            return None
        fields = flatten_fieldsets(modeladmin.get_fieldsets(request, gathering))
        form = modeladmin.get_form(request, gathering, change=True, fields=fields)(request.POST, instance=gathering)
        if not form.is_valid():
            return None
        before = places.lock(gathering)
        changes = differences(before, gathering)
        by, now = cast(User, request.user), timezone.now()
        answers = form.cleaned_data
        told = {name: answers[name] for name in ("sentence", "tell_invited")}
        effects = changing.effects_of(before, gathering, by=by, now=now, **told)
    notes = _notes(before, gathering, effects, sentence=answers["sentence"], today=timezone.localdate(now))
    if not effects.concerns_somebody and not notes and not answers["along"]:
        return None
    context = {
        "title": _("Dette skjer når du lagrer"),
        "gathering": before,
        "changes": changes,
        "effects": effects,
        "notes": notes,
        "left_behind": [] if answers["along"] else _left_behind(before, gathering),
        "now": now,
        "carried": carried(request.POST),
    }
    return admin_page(modeladmin, request, "admin/gatherings/gathering/effects.html", context)

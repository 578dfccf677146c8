"""Who reads what is shared, and who shares. 404 for everybody else."""

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from gatherings.models import Gathering
from lmp.sharing import audience
from lmp.sharing.models import FileVersion, Publication, Reading, SharedFile
from lmp.sharing.models.publication import PublicationQuerySet
from lmp.writing import access as writing_access
from participants.models import Cohort, Participation


def may_share(user: User) -> bool:
    """Those who write to the municipalities."""
    return writing_access.may_write(user)


def readable(user: User, *, today: date) -> PublicationQuerySet:
    """Staff read all; everybody else what is shown to what they are. A fixed number of queries are asked at once."""
    if user.is_active and user.is_staff:
        return Publication.objects.all()
    return Publication.objects.filter(pk__in=[each.pk for each in shown_to(user, today=today)])


def shown_to(user: User, *, today: date) -> list[Publication]:
    """What is for this person as a reader, the newest first, without the texts, each with `is_read`."""
    roles = audience.roles_of(user, today=today)
    if not roles:
        return []
    found = _newest(today).annotate(is_read=_is_read(user))
    if not any(role.cohort is None for role in roles):
        found = found.filter(cohort__in={role.cohort for role in roles})
    return audience.open_to(roles, found)


def unread(user: User, *, today: date, besides: Collection[str] = ()) -> list[Publication]:
    """Of what is shown to this person in a cohort that goes on, what they have not opened, the newest first.

    `besides`: what the page knows that the person is not, of the sources in `audience.roles_of`. Those are asked last:
    mostly there is nothing new for anybody.
    """
    found = list(_newest(today).filter(~_is_read(user), cohort__in=Cohort.objects.going_on(today=today)))
    return audience.open_to(audience.roles_of(user, today=today, besides=besides), found) if found else []


def about(
    user: User,
    *,
    today: date,
    cohort: Cohort | None = None,
    participation: Participation | None = None,
    gathering: Gathering | None = None,
) -> list[Publication]:
    """What a page of one of these shows to this person: what is shown to its readers and theirs to read."""
    if gathering:
        about = Q(gathering=gathering)
    elif participation:
        county = Q(county=None) | Q(county=participation.municipality.county_id)
        about = Q(cohort=participation.cohort_id) & county
    else:
        about = Q(cohort=cohort)
    found = list(_newest(today).filter(about))
    if user.is_staff or not found:
        return found
    return audience.open_to(audience.roles_of(user, today=today), found)


def _newest(today: date) -> QuerySet[Publication]:
    found = Publication.objects.shown(today=today).in_words()
    return found.defer("text_nb", "text_nn").order_by("-published_at", "-pk")


def _is_read(user: User) -> Exists:
    return Exists(Reading.objects.filter(publication=OuterRef("pk"), person=user, version=None))


def publication(user: User, pk: int, *, today: date) -> Publication:
    return get_object_or_404(readable(user, today=today).in_words(), pk=pk)


def shared(user: User, pk: int, *, lock: bool = False) -> Publication:
    """One that this person may change: of those who share, any of them."""
    if not may_share(user):
        raise Http404
    if lock:
        get_object_or_404(Publication.objects.select_for_update(of=("self",)), pk=pk)
    return get_object_or_404(Publication.objects.in_words(), pk=pk)


def file(user: User, pk: int, *, today: date) -> SharedFile:
    """One whose publication this person reads. What is removed is staff's."""
    files = SharedFile.objects.all() if user.is_staff else SharedFile.objects.kept()
    found = get_object_or_404(files.select_related("publication"), pk=pk)
    get_object_or_404(readable(user, today=today), pk=found.publication_id)
    return found


def version(user: User, file_pk: int, pk: int) -> FileVersion:
    """An older version is staff's."""
    if not user.is_staff:
        raise Http404
    return get_object_or_404(FileVersion.objects.select_related("file"), file=file_pk, pk=pk)

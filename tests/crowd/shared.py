"""What is shared with a pulje: publications with files, many of them read and told of, and one with many of each."""

import uuid
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model

from accounts.models import User
from gatherings.models import Gathering
from lmp.sharing import files, reading, telling
from lmp.sharing.models import Announcement, FileVersion, Publication, SharedFile
from lmp.writing import sending
from participants.models import Cohort


def gather(cohort: Cohort, size: int, *, people: dict[str, User], now: datetime) -> dict[object, Model]:
    staff = people["staff"]
    made = [_publication(cohort, number, by=staff, now=now) for number in range(size)]
    main, unpublished = made[0], _publication(cohort, size, by=staff, now=now, is_draft=True)
    for publication in (main, unpublished):
        for number in range(size):
            upload = SimpleUploadedFile(f"{number}.pdf", b"%PDF-" + str(number).encode())
            [version], _refused = files.add(publication, [upload], by=staff, now=now)
            files.replace(
                version.file, SimpleUploadedFile("ny.pdf", b"%PDF-" + upload.name.encode()), by=staff, now=now
            )
    for name in ("contact", "supervisor"):
        reading.note(main, people[name], version=main.files.all()[0].versions.all()[0], now=now)
    writing = telling.draft(main, reason=Announcement.Reason.NEWS, by=staff, now=now)
    sending.order(writing.pk, seen=writing.fingerprint, by=staff, now=now)
    sending.process(writing.pk, now=now)
    draft = telling.draft(main, reason=Announcement.Reason.UNREAD, by=staff, now=now)
    file = main.files.all()[0]
    return {
        Publication: main,
        "unpublished": unpublished,
        "about": draft,
        SharedFile: file,
        FileVersion: file.versions.all()[0],
    }


def _publication(cohort: Cohort, number: int, *, by: User, now: datetime, is_draft: bool = False) -> Publication:
    """For the whole pulje, or every other one for a gathering of it."""
    gathering = Gathering.objects.filter(cohort=cohort).first() if number % 2 else None
    facts = {"cohort": cohort, "gathering": gathering, "title_nb": f"Nyhet {number}", "text_nb": "Tekst"}
    made = Publication.write(facts=facts, token=uuid.uuid4(), by=by, now=now)
    if not is_draft:
        made.publish(by=by, now=now)
    return made

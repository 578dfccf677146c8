"""How many municipalities each supervisor takes in a cohort, on one page."""

from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guidance.models import Capacity, Supervisor
from guidance.models.supervisor import MOST
from guidance.staffing.load import loads
from guidance.staffing.untouched import keep_untouched
from participants.models import Cohort
from parts.forms import CountField


class CapacityForm(forms.Form):
    """One number for each supervisor. With a source, what that cohort has stands where this one has none."""

    def __init__(self, *args: Any, cohort: Cohort, source: Cohort | None, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Supervisor.objects.working(today=today).order_by("name", "pk")
        self.people = {f"s{one.pk}": one for one in people}
        rows = Capacity.objects.filter(cohort__in=[each.pk for each in (cohort, source) if each])
        most = {(row.cohort_id, row.supervisor_id): row.most for row in rows}
        carried = loads(today)
        self.copied = 0
        before: dict[str, int | None] = {}
        for name, one in self.people.items():
            stored = most.get((cohort.pk, one.pk))
            copied = most.get((source.pk, one.pk)) if source and stored is None else None
            before[name] = stored
            self.copied += copied is not None
            self.fields[name] = CountField(
                label=one.name,
                min_value=0,
                max_value=MOST,
                required=False,
                initial=copied if stored is None else stored,
            )
            self.fields[name].help_text = _help(one, carried.get(one.pk, 0), source if copied is not None else None)
            if stored:
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = _("Skriv et tall. 0 betyr ingen kommuner i pulja.")
        keep_untouched(self, before)

    @property
    def chosen(self) -> dict[Supervisor, int]:
        """Only where a number is typed."""
        return {
            one: self.cleaned_data[name] for name, one in self.people.items() if self.cleaned_data[name] is not None
        }


def _help(supervisor: Supervisor, load: int, source: Cohort | None) -> str:
    said = [capfirst(supervisor.get_employer_display())]
    carries = ngettext("har %(count)s kommune nå i alle puljene", "har %(count)s kommuner nå i alle puljene", load)
    said.append(carries % {"count": load})
    if supervisor.wished is not None:
        said.append(_("ønsker høyst %(count)s") % {"count": supervisor.wished})
    if source:
        said.append(_("hentet fra pulje %(number)s, ikke lagret") % {"number": source.number})
    return ", ".join(said)

"""What mails say that the demo has not had a reason to send: each in the language that is active."""

from collections.abc import Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from lmp.demo import personas
from parts.dates import day_in_words, moment_in_words


def of(name: str) -> Mapping[str, str | Sequence[str]]:
    return _everywhere() | _in_kind().get(name, {})


def _everywhere() -> dict[str, str | Sequence[str]]:
    now, today = timezone.now(), timezone.localdate()
    return {
        "kode": "4719-0362",
        "klokkeslett": "10.15",
        "tidspunkt": moment_in_words(now),
        "svarfrist": day_in_words(today),
        "sendt": day_in_words(today),
        "dag": day_in_words(today),
        "gammel": "kari@gammel.example.no",
        "ny": personas.CONTACT.email,
        "andre": "kari@gammel.example.no",
        "kollega": personas.STAFF.name,
        "av": personas.STAFF.name,
        "person": personas.STAFF.name,
    }


def _in_kind() -> dict[str, dict[str, str | Sequence[str]]]:
    """By the kind's name."""
    supervisor, contact = personas.SUPERVISOR.name, personas.CONTACT.name
    copied = {
        "statsforvalter": _("Statsforvalteren i %(county)s") % {"county": "Trøndelag"},
        "kommuner": ["Indre Fosen"],
    }
    work = [_("2 spørsmål etter fristen"), _("3 utkast til innlegg")]
    return {
        "accounts.second_factor_reset": {"adresse": personas.STAFF.email, "begrunnelse": _("Mistet telefonen")},
        "changes.address_changed": {"hvem": _("Du gjorde det selv.")},
        "changes.erased": {"igjen": [_("Loggene fra veiledningsmøtene, uten navnet ditt")]},
        "changes.returned": {
            "begrunnelse": _("Kommunen har fått inn flere folk."),
            "videre": [_("Veiledergruppa")],
            "ikke_videre": [_("Påmeldinger til samlinger")],
        },
        "colleagues.leaves": {"navn": personas.STAFF.name},
        "colleagues.left": {"navn": personas.STAFF.name, "har": [_("Påmeldingen til samlingen")]},
        "colleagues.taken_over": {"apent": work},
        "welcome.copy": copied,
        "welcome.copy_by_link": copied,
        "gatherings.cancelled": {
            "bakgrunn": _("%(name)s meldte deg av.") % {"name": contact},
            "avbestill": _("Har du bestilt reise eller hotell, må du avbestille."),
        },
        "gatherings.withdrawn": {"avbestill": _("Har du bestilt reise eller hotell, må du avbestille.")},
        "gatherings.late_request": {"spurt_av": contact},
        "gatherings.late_request_answered": {"svar": _("Vi har en plass til, og har meldt på den du spurte om.")},
        "gatherings.readdressed": {
            "hva": _(
                "Påmeldingen gjelder som før. Vedlegget legger samlingen i kalenderen til denne adressen. "
                "Sier du nei i kalenderen, er du fortsatt påmeldt til du har meldt deg av på siden."
            )
        },
        "guidance.called_off": {"grunn": _("Grunn: %(why)s.") % {"why": _("veilederen er syk")}},
        "guidance.departed": {"forrige": supervisor},
        "guidance.dropped": {
            "om_moter": _("Disse møtene holdes uten deg. En e-post for hvert av dem fjerner det fra kalenderen din:"),
            "moter": [_("%(when)s, med %(who)s") % {"when": day_in_words(timezone.localdate()), "who": supervisor}],
        },
        "guidance.log_removed": {"grunn": _("Den gjaldt en annen kommune, og er flyttet dit.")},
        "guidance.measure_corrected": {"hvem": supervisor, "tiltak": _("Vakter i friminuttene")},
        "guidance.measure_removed": {
            "hva": _("Et tiltak ved %(unit)s er flyttet til %(to)s.") % {"unit": "Fembøringen", "to": "Leksvik"}
        },
        "guidance.readdressed": {
            "hva": _(
                "Møtet holdes som avtalt. Vedlegget legger det i kalenderen til denne adressen. "
                "Et nei i kalenderen når ikke de andre."
            )
        },
    }

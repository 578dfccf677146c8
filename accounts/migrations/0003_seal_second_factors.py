from collections.abc import Callable

from django.db import migrations

from parts import sealing

PURPOSE = "second factor"
SECRETS = ("secret", "seed")


def seal(apps, schema_editor):
    _each(apps, lambda text: sealing.seal(text, purpose=PURPOSE))


def unseal(apps, schema_editor):
    _each(apps, lambda sealed: sealing.unseal(sealed, purpose=PURPOSE))


def _each(apps, change: Callable[[str], str]) -> None:
    for factor in apps.get_model("mfa", "Authenticator").objects.all():
        found = {name: change(factor.data[name]) for name in SECRETS if name in factor.data}
        if found:
            factor.data |= found
            factor.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_calendar_tag"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [migrations.RunPython(seal, unseal)]

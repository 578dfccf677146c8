from django.db import migrations

from parts.phone import put_in_one_form


def rewrite(apps, _schema_editor):
    """What is read with certainty; the rest is left as somebody wrote it."""
    put_in_one_form(apps.get_model("guidance", "Supervisor"))


class Migration(migrations.Migration):
    dependencies = [("guidance", "0004_norwegian_order")]
    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop, elidable=True)]

from django.db import migrations

from parts.phone import put_in_one_form


def rewrite(apps, _schema_editor):
    """What is read with certainty; the rest is left as somebody wrote it."""
    put_in_one_form(apps.get_model("changes", "Succession"))


class Migration(migrations.Migration):
    dependencies = [("changes", "0002_norwegian_order")]
    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop, elidable=True)]

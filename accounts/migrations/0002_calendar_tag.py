from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import accounts.models


def give_each_their_own(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    user = apps.get_model("accounts", "User")
    people = list(user.objects.filter(calendar_tag="").only("pk"))
    for person in people:
        person.calendar_tag = accounts.models.new_calendar_tag()
    user.objects.bulk_update(people, ["calendar_tag"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="calendar_tag",
            field=models.CharField(
                db_default="", default=accounts.models.new_calendar_tag, editable=False, max_length=16
            ),
        ),
        migrations.RunPython(give_each_their_own, migrations.RunPython.noop, elidable=True),
    ]

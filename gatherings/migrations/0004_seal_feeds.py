from hashlib import sha256

from django.db import migrations, models

from parts import sealing

PURPOSE = "calendar address"


def seal(apps, schema_editor):
    for feed in apps.get_model("gatherings", "Feed").objects.all():
        feed.digest = sha256(feed.token.encode()).hexdigest()
        feed.sealed = sealing.seal(feed.token, purpose=PURPOSE)
        feed.save(update_fields=["digest", "sealed"])


def unseal(apps, schema_editor):
    for feed in apps.get_model("gatherings", "Feed").objects.all():
        feed.token = sealing.unseal(feed.sealed, purpose=PURPOSE)
        feed.save(update_fields=["token"])


class Migration(migrations.Migration):
    dependencies = [("gatherings", "0003_calendar_answers")]

    operations = [
        migrations.AddField("feed", "digest", models.CharField(max_length=64, null=True)),
        migrations.AddField("feed", "sealed", models.TextField(default=""), preserve_default=False),
        migrations.AlterField("feed", "token", models.CharField(max_length=64, null=True)),
        migrations.RunPython(seal, unseal),
        migrations.AlterField("feed", "digest", models.CharField(max_length=64, unique=True)),
        migrations.RemoveField("feed", "token"),
    ]

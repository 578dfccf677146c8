"""Let the database itself refuse a change of what a municipality confirmed.

Deleting stays possible: erasure needs it. So does emptying the message that went with it: a name that never should have
been written there must be possible to take away.
"""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION participants_keep_answer() RETURNS trigger AS $$
BEGIN
    IF NEW.comment = '' AND to_jsonb(NEW) - 'comment' = to_jsonb(OLD) - 'comment' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an answered confirmation cannot be changed' USING ERRCODE = 'check_violation';
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER participants_keep_answer BEFORE UPDATE ON participants_confirmation
    FOR EACH ROW WHEN (OLD.answered_at IS NOT NULL) EXECUTE FUNCTION participants_keep_answer();
"""
POSTGRESQL_BACK = """
DROP TRIGGER participants_keep_answer ON participants_confirmation;
DROP FUNCTION participants_keep_answer();
"""
SQLITE = """
CREATE TRIGGER participants_keep_answer BEFORE UPDATE ON participants_confirmation
    WHEN OLD.answered_at IS NOT NULL AND NOT (NEW.comment = '' AND {same})
    BEGIN SELECT RAISE(ABORT, 'an answered confirmation cannot be changed'); END
"""
SQLITE_BACK = "DROP TRIGGER participants_keep_answer"


def keep(apps, schema_editor) -> None:
    fields = apps.get_model("participants", "Confirmation")._meta.local_concrete_fields
    columns = [field.column for field in fields if field.name != "comment"]
    same = " AND ".join(f'NEW."{column}" IS OLD."{column}"' for column in columns)
    sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute(SQLITE.format(same=same) if sqlite else POSTGRESQL, params=None)


def keep_no_more(apps, schema_editor) -> None:
    sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute(SQLITE_BACK if sqlite else POSTGRESQL_BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [("participants", "0001_initial")]

    operations = [migrations.RunPython(keep, keep_no_more)]

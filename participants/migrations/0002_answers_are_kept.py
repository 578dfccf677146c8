"""Let the database itself refuse a change of what a municipality confirmed. Deleting stays possible: erasure needs it."""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION participants_keep_answer() RETURNS trigger AS $$
BEGIN
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
    WHEN OLD.answered_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'an answered confirmation cannot be changed'); END
"""
SQLITE_BACK = "DROP TRIGGER participants_keep_answer"


def _run(postgresql: str, sqlite: str):
    def code(apps, schema_editor) -> None:
        schema_editor.execute(sqlite if schema_editor.connection.vendor == "sqlite" else postgresql, params=None)

    return code


class Migration(migrations.Migration):
    dependencies = [("participants", "0001_initial")]

    operations = [migrations.RunPython(_run(POSTGRESQL, SQLITE), _run(POSTGRESQL_BACK, SQLITE_BACK))]

from django.db import migrations, models

# SQLite gets its new column by a new table, and the triggers of the old one go with it: they are made anew.
TRIGGERS = (
    """CREATE TRIGGER IF NOT EXISTS search_entry_deleted AFTER DELETE ON search_entry BEGIN
         INSERT INTO search_fts(search_fts, rowid, grams) VALUES ('delete', old.id, old.grams); END""",
    """CREATE TRIGGER IF NOT EXISTS search_entry_changed AFTER UPDATE OF grams ON search_entry
       WHEN old.grams <> new.grams BEGIN
         INSERT INTO search_fts(search_fts, rowid, grams) VALUES ('delete', old.id, old.grams);
         INSERT INTO search_fts(rowid, grams) VALUES (new.id, new.grams); END""",
)


def triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in TRIGGERS:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.AddField("entry", "unmatched", models.BooleanField(default=False)),
        migrations.AddIndex(
            "entry", models.Index("id", condition=models.Q(("unmatched", True)), name="search_unmatched")
        ),
        migrations.RunPython(triggers, migrations.RunPython.noop),
    ]

import django.db.models.deletion
from django.db import migrations, models

SQLITE = (
    # What is added is entered by who adds it, as a set where it is one. The table keeps the pieces, FTS5 the index over them only: no texts twice, no places within a text.
    """CREATE VIRTUAL TABLE search_fts USING fts5(
         grams, content='search_entry', content_rowid='id', detail=none, columnsize=0, tokenize="ascii tokenchars '_'")""",
    """CREATE TRIGGER search_entry_deleted AFTER DELETE ON search_entry BEGIN
         INSERT INTO search_fts(search_fts, rowid, grams) VALUES ('delete', old.id, old.grams); END""",
    """CREATE TRIGGER search_entry_changed AFTER UPDATE OF grams ON search_entry WHEN old.grams <> new.grams BEGIN
         INSERT INTO search_fts(search_fts, rowid, grams) VALUES ('delete', old.id, old.grams);
         INSERT INTO search_fts(rowid, grams) VALUES (new.id, new.grams); END""",
)
POSTGRESQL = ("CREATE INDEX search_grams ON search_entry USING gin (string_to_array(grams, ' '))",)


def index(apps, schema_editor):
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        schema_editor.execute("DROP TABLE search_fts")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        ("runs", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("subject_id", models.BigIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField()),
                ("grams", models.TextField()),
                (
                    "account",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.account"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="runs.run"
                    ),
                ),
            ],
            options={
                "verbose_name": "search entry",
                "verbose_name_plural": "search entries",
                "constraints": [models.UniqueConstraint("kind", "subject_id", name="search_subject")],
            },
        ),
        migrations.RunPython(index, drop),
    ]

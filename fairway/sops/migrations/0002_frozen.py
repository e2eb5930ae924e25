"""A published version is frozen in the database too, against whatever goes round the models."""

from django.db import migrations

SQLITE = """
CREATE TRIGGER sops_version_frozen BEFORE UPDATE ON sops_sopversion
BEGIN SELECT RAISE(ABORT, 'A published version never changes.'); END
"""

POSTGRES = """
CREATE FUNCTION sops_version_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'A published version never changes.' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER sops_version_frozen BEFORE UPDATE ON sops_sopversion
FOR EACH ROW EXECUTE FUNCTION sops_version_frozen();
"""


def freeze(apps, schema_editor):
    schema_editor.execute(POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE)


def thaw(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER sops_version_frozen ON sops_sopversion")
        schema_editor.execute("DROP FUNCTION sops_version_frozen()")
    else:
        schema_editor.execute("DROP TRIGGER sops_version_frozen")


class Migration(migrations.Migration):
    dependencies = [("sops", "0001_initial")]
    operations = [migrations.RunPython(freeze, thaw)]

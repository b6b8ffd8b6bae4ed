"""Search by words: texts become words, each thing gets its place, and an index holds them."""

from datetime import UTC, datetime, timedelta

from django.db import migrations, models

from handsel.core.words import TABLE, stored


def into_words(apps, schema_editor):
    """The entries that stand, the oldest first; no two have the same place."""
    entries, last = apps.get_model("core", "SearchEntry"), 0
    for entry in entries.objects.order_by("at", "id").iterator(chunk_size=2000):
        place = (entry.at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        last = max(place, last + 1)
        entries.objects.filter(pk=entry.pk).update(place=last, text=stored(entry.business_id, entry.text))


def index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX search_words ON core_searchentry USING gin (array_to_tsvector(string_to_array(text, ' ')))"
        )
    else:
        schema_editor.execute(
            f"CREATE VIRTUAL TABLE {TABLE} USING fts5(text, content='core_searchentry', content_rowid='place', "
            "prefix='2 3', tokenize='unicode61 remove_diacritics 0')"
        )


def no_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX search_words")
    else:
        schema_editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_remembered"),
    ]

    operations = [
        migrations.AddField(model_name="searchentry", name="place", field=models.BigIntegerField(default=0)),
        migrations.AddIndex(model_name="searchentry", index=models.Index(fields=["place"], name="search_place")),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["business_id", "place"], name="search_business_place"),
        ),
        migrations.AddIndex(
            model_name="searchentry", index=models.Index(fields=["business_id", "thing_id"], name="search_thing")
        ),
        migrations.RunPython(into_words, migrations.RunPython.noop),
        migrations.RunPython(index, no_index),
    ]

"""What search finds, and how far each follower of the trail has read."""

from django.db import models

from handsel.core.keys import Key, new_key


class SearchEntry(models.Model):
    """One thing as search knows it: its title and words (`core.words`), and which side may find it.

    place: orders things by their instant, in microseconds; one thing's alone.
    """

    id = Key(primary_key=True, default=new_key)
    business_id = Key()
    kind = models.CharField(max_length=40)
    thing_id = Key()
    engagement_id = Key(null=True)
    side = models.CharField(max_length=10, blank=True)  # empty: both sides
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=300)
    at = models.DateTimeField()
    place = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business_id", "kind", "thing_id"], name="search_thing_once")]
        indexes = [
            models.Index(fields=["place"], name="search_place"),
            models.Index(fields=["business_id", "place"], name="search_business_place"),
            models.Index(fields=["business_id", "thing_id"], name="search_thing"),
        ]


class Follower(models.Model):
    """How far one follower of the trail (search, notices) has read one chain."""

    id = Key(primary_key=True, default=new_key)
    name = models.CharField(max_length=40)
    chain_id = Key()
    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "chain_id"], name="follower_once")]

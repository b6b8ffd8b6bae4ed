"""What search finds, and how far each follower of the trail has read."""

from django.db import models

from handsel.core.keys import Key, new_key


class SearchEntry(models.Model):
    """One thing as search knows it: its word, title and text, and which side may find it."""

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

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business_id", "kind", "thing_id"], name="search_thing_once")]


class Follower(models.Model):
    """How far one follower of the trail (search, notices) has read one chain."""

    id = Key(primary_key=True, default=new_key)
    name = models.CharField(max_length=40)
    chain_id = Key()
    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "chain_id"], name="follower_once")]

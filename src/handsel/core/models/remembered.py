"""What all processes remember together for a while."""

from django.db import models


class Remembered(models.Model):
    """A value under a name (SHA-256 of it), as JSON, until an instant (seconds since 1970)."""

    name = models.CharField(max_length=64, primary_key=True)
    value = models.TextField()
    until = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="remembered_until")]

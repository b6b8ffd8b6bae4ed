"""How much somebody may still do in a stretch of time."""

from django.db import models


class Allowance(models.Model):
    """How much was taken of an allowance until an instant (seconds since 1970), by all processes together."""

    name = models.CharField(max_length=64, primary_key=True)
    until = models.BigIntegerField()
    taken = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="allowance_until")]

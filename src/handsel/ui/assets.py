"""Where pages find their style, script, icons and fonts."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """Hashed names, kept by browsers for ever; in a checkout where nothing was collected yet, the plain names."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """The hashed name, or the name itself where no such file was collected."""
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name

"""The wheel asks for what requirements.in names, with its extra “s3” for requirements-s3.in: each list is written once."""

from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


class RequirementsHook(MetadataHookInterface):
    def update(self, metadata: dict) -> None:  # type: ignore[type-arg]
        metadata["dependencies"] = self._listed("requirements.in")
        metadata["optional-dependencies"] = {"s3": self._listed("requirements-s3.in")}

    def _listed(self, name: str) -> list[str]:
        lines = (Path(self.root) / name).read_text().splitlines()
        return [line for line in lines if line and not line.startswith("#")]

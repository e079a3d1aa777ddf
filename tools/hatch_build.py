"""Build the front end into the wheel: ``pip install .`` delivers pages that need no Node afterwards."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEndHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's configuration type is of no interest here
    """Runs ``npm ci`` and Vite unless the build there is newer than its sources."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects the files of the wheel."""
        frontend = Path(self.root) / "webapp" / "frontend"
        if version == "editable" or _is_fresh(frontend, Path(self.root) / "webapp/static/dist/.vite/manifest.json"):
            return
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError(
                "构建安装包需要 Node.js 20.19 或更高版本和 npm（https://nodejs.org），现在没有找到 npm。"
                " Building the wheel needs Node.js 20.19 or newer with npm, which was not found."
            )
        for command in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
            subprocess.run([npm, *command], cwd=frontend, check=True)  # noqa: S603 (npm of the PATH, our arguments)


def _is_fresh(frontend: Path, manifest: Path) -> bool:
    sources = (path for path in frontend.rglob("*") if "node_modules" not in path.parts and path.is_file())
    return manifest.is_file() and all(path.stat().st_mtime <= manifest.stat().st_mtime for path in sources)

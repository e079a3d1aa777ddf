"""The browser of the browser tests: ``find()`` gives its path; run as a module it installs one where it may."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PACKAGES = ("chromium", "fonts-noto-cjk")


class BrowserMissing(RuntimeError):
    """There is no Chromium here; the message says what to do. Browser tests fail on it, they never skip."""


def find(environ: Mapping[str, str] = os.environ) -> str:
    """The path of $CHROMIUM, else of Chromium or Chrome on the PATH."""
    wanted = environ.get("CHROMIUM")
    for name in (wanted,) if wanted else _NAMES:
        path = shutil.which(name, path=environ.get("PATH"))
        if path:
            return path
    raise BrowserMissing(
        f"浏览器测试需要 Chromium 和一种中文字体，没有找到 {wanted or 'chromium'}：请安装，或用 CHROMIUM 指明它的路径。"
        " The browser tests need Chromium and a Chinese font: install them, or set CHROMIUM to its path."
    )


def ensure() -> str:
    """Like ``find``, after trying to install the distribution's packages where we are root on Debian or Ubuntu."""
    try:
        return find()
    except BrowserMissing:
        apt = shutil.which("apt-get")
        if os.environ.get("CHROMIUM") or os.geteuid() != 0 or apt is None:
            raise
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for action in (["update", "-qq"], ["install", "-y", "-qq", *_PACKAGES]):
        subprocess.run([apt, *action], check=False, env=quiet, stdout=subprocess.DEVNULL)
    return find()


if __name__ == "__main__":
    try:
        print(ensure())
    except BrowserMissing as error:
        sys.exit(str(error))

"""Secrets of the installation: named in task headers, kept in environment variables, never in a diagram.

Only task headers, which an analyst wrote, are looked through. Variables are not: what an applicant typed into a form
must not be able to name a secret.
"""

from __future__ import annotations

import os
import re

from engine.errors import N_, StepFailed

#: The secret ``TOKEN`` is the environment variable ``WUJI_SECRET_TOKEN``.
PREFIX = "WUJI_SECRET_"
_NAMED = re.compile(r"\{\{\s*secrets\.([A-Za-z0-9_]+)\s*\}\}")


class Secrets:
    """Fills secrets in, and keeps them out of what people read."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def fill(self, text: str) -> str:
        """The text with each ``{{secrets.NAME}}`` replaced. Raises StepFailed for a secret that is not set."""
        return _NAMED.sub(lambda found: self.get(found[1]), text)

    def get(self, name: str) -> str:
        """One secret. Raises StepFailed when it is not set."""
        value = os.environ.get(PREFIX + name)
        if not value:
            raise StepFailed(N_("没有设置密钥 {name}。请系统管理员设置环境变量 {variable}。"), name=name,
                             variable=PREFIX + name)  # fmt: skip
        self._used.add(value)
        return value

    def hide(self, text: str) -> str:
        """The text without the secrets that were filled in, for incidents and logs."""
        for value in sorted(self._used, key=len, reverse=True):
            text = text.replace(value, "***")
        return text

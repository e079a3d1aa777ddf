"""What the tests of the pages of policy settings share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from engine.database import Engine
from engine.people import SYSTEM, org_tree
from engine.worker import Worker
from tests.webapp.portal.resident import texts

SignIn = Callable[[str], FlaskClient]
LIST = "/policies"
GROUP = f"{LIST}/appeal/小组受理期限"
ALL_KINDS = """
次数: {value: 2, source: x}
比例: {value: 0.5, source: 第十六条, unit: '%'}
说法: {value: 甲, source: x}
公示: {value: true, source: x}
间隔: {value: P3D, source: x}
渠道: {value: [热线, 2], source: x}
"""


def unit(platform: Engine, code: str = "jinxing-1") -> str:
    with platform.read(SYSTEM) as tx:
        found = org_tree(tx).by_code(code)
        assert found is not None
        return str(found.id)


def asked(platform: Engine, **changes: str) -> dict[str, str]:
    return {"unit": unit(platform), "value": "4", "source": "居民小组会议纪要", **changes}


def settle(platform: Engine) -> None:
    worker = Worker(platform)
    while worker.drain():
        pass


def rows(page: str, path: str = "//tbody/tr") -> list[str]:
    return [" ".join(row.split()) for row in texts(page, path)]


def day(moment: Any) -> str:
    return f"{moment:%m-%d}"

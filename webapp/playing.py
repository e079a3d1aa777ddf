"""Where the scenarios of the library are played at the terminal: their files, and a platform for them alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from engine import migrations
from engine.errors import N_, NotFound
from engine.scenarios import Ground, Script, VirtualClock
from webapp import demo, library

#: The processes are published some time before the first scenario begins.
_BEFORE = timedelta(days=1)


def chosen(keys: Sequence[str]) -> dict[str, list[Path]]:
    """The scenario files by process, of these or of all. Raises NotFound for a process that there is not."""
    folder = library.folder("processes")
    known = sorted(path.stem for path in folder.glob("*/*.bpmn"))
    for key in keys:
        if key not in known:
            raise NotFound(N_("没有流程“{key}”，现有：{known}。"), key=key, known=", ".join(known))
    return {key: sorted((folder / key / "scenarios").glob("*.yaml")) for key in (keys or known)}


@contextmanager
def furnished(scripts: Sequence[Script]) -> Iterator[Ground]:
    """The bundled organisation and processes on a database of their own."""
    begin = min((script.at for script in scripts), default=None)
    clock = VirtualClock(begin - _BEFORE) if begin else VirtualClock()
    with tempfile.TemporaryDirectory() as folder, Ground(Path(folder), clock) as ground:
        migrations.upgrade(ground.engine)
        demo.load_without_passwords(ground.engine)
        library.deploy(ground.engine)
        ground.keep()
        yield ground

"""The newest published version of every process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from sqlalchemy import and_, exists, func, select

from engine.database import Transaction
from engine.lifecycle import DefinitionState
from engine.model.people import Account
from engine.model.process import ProcessDefinition
from engine.release import Release, load_release, names

_ENGLISH = "nameEn"
#: What a process is for, and what is to be done at a step, in English.
_TOLD = "documentationEn"
#: The columns of the ledger in English, separated by commas.
_COLUMNS = "ledgerEn"


def newest_releases(tx: Transaction) -> list[Release]:
    """The newest published releases in the order of their keys."""
    newest = select(ProcessDefinition.key, func.max(ProcessDefinition.version).label("version"))
    latest = (
        newest.where(ProcessDefinition.state == DefinitionState.PUBLISHED).group_by(ProcessDefinition.key).subquery()
    )
    same = and_(ProcessDefinition.key == latest.c.key, ProcessDefinition.version == latest.c.version)
    ids = tx.session.scalars(select(ProcessDefinition.id).join(latest, same).order_by(ProcessDefinition.key))
    return [load_release(tx, id) for id in ids]


def english_names(tx: Transaction) -> Mapping[str, str]:
    """What diagrams call processes, lanes, steps and columns in English, by their Chinese names; settings, and texts.

    Of one name for several, the first counts: that of a process before those of columns, lanes, steps, settings, texts.
    """
    releases = newest_releases(tx)
    key = ("english_names", *(release.id for release in releases))
    found = tx.engine.cache.get(key)
    if found is None:
        found = {}
        for name, english in (pair for kind in _KINDS for release in releases for pair in kind(release)):
            if name and english:
                found.setdefault(name, english)
        tx.engine.cache[key] = found
    return cast(Mapping[str, str], found)


Pairs = Iterator[tuple[str, str | None]]


def _process(release: Release) -> Pairs:
    yield release.process.name, release.process.property(_ENGLISH)


def _columns(release: Release) -> Pairs:
    columns = release.ledger.columns if release.ledger else ()
    yield from zip(columns, names(release.process.property(_COLUMNS)), strict=False)


def _lanes(release: Release) -> Pairs:
    for lane in release.process.lanes:
        yield lane.name, dict(lane.properties).get(_ENGLISH)


def _nodes(release: Release) -> Pairs:
    for node in release.nodes.values():
        yield node.name, node.property(_ENGLISH)


def _offers(release: Release) -> Pairs:
    yield release.process.property("offer") or "", release.process.property("offerEn")


def _settings(release: Release) -> Pairs:
    for setting in release.settings.values():
        yield from ((setting.name, setting.english), (setting.unit, setting.unit_english))


def _instructions(release: Release) -> Pairs:
    yield release.process.documentation, release.process.property(_TOLD)
    yield from ((node.documentation, node.property(_TOLD)) for node in release.nodes.values())


def _forms(release: Release) -> Pairs:
    for form in release.forms.values():
        yield from form.english.items()


_KINDS = (_process, _columns, _lanes, _nodes, _offers, _settings, _instructions, _forms)


def is_untouched(tx: Transaction) -> bool:
    """Whether the database has neither processes nor accounts yet."""
    return not any(tx.session.scalar(select(exists().select_from(each))) for each in (ProcessDefinition, Account))

"""The forms that a diagram may name, each read and compiled only when a diagram does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import select

from engine.database import Transaction
from engine.model.process import FormDefinition
from engine.release import compiled_form


def newest_digests(tx: Transaction) -> dict[str, str]:
    """The digest of the newest version of each form, by its id."""
    query = select(FormDefinition.form_id, FormDefinition.digest).order_by(FormDefinition.added_at)
    return {row.form_id: row.digest for row in tx.session.execute(query)}


class KnownForms(Mapping[str, frozenset[str]]):
    """The variables that the newest version of each form writes, by the form's id. Lives as long as its transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._digests = newest_digests(tx)

    def __getitem__(self, form_id: str) -> frozenset[str]:
        digest = self._digests[form_id]
        return compiled_form(self._tx, digest, self._tx.get(FormDefinition, digest).content).variables

    def __iter__(self) -> Iterator[str]:
        return iter(self._digests)

    def __len__(self) -> int:
        return len(self._digests)

    def __contains__(self, form_id: object) -> bool:
        return form_id in self._digests

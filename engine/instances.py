"""Commands on cases: start, cancel."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine import files, people
from engine.database import Transaction
from engine.errors import N_, InvalidState, InvalidVariables, NotAuthorized
from engine.execution import (
    Origin,
    cancel_loaded,
    create_instance,
    feel_environment,
    latest_release,
    lock_active,
    tell_parent,
)
from engine.forms import Form, TextInput, look_up
from engine.model.base import new_id
from engine.model.counter import ReceiptPhone
from engine.model.process import ProcessInstance
from engine.release import Release, names

#: No 0/O, 1/I/L: people read the code out over the telephone.
_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE_LENGTH = 8
#: So many digits of the telephone number show a case to read, besides its number.
PHONE_DIGITS = 4
_PHONES = frozenset({"phone", "mobile", "landline"})


@dataclass(frozen=True)
class Started:
    """A new case; ``receipt_code`` is shown once and stored only as a hash."""

    instance: ProcessInstance
    receipt_code: str


def start(
    tx: Transaction,
    key: str,
    values: Mapping[str, Any],
    unit_id: UUID | None,
    upload_session: str | None = None,
    own_matter: bool = False,
    for_resident: bool = False,
) -> Started:
    """Start a case of the newest version of a process for a unit, with the values of its start form.

    ``upload_session`` stands for somebody without an account who uploaded files. ``own_matter`` says that the actor
    files it for oneself, and not for somebody who came in person: an official will not handle it then.
    ``for_resident`` says that an official files it for a resident without an account, and is no party to it.

    Raises NotAuthorized when the actor's post may not start it, InvalidVariables when the form has errors, NotFound
    when there is no such process, InvalidState when it only starts by itself.
    """
    release = latest_release(tx, key)
    ensure_may_start(tx, release)
    if not release.starts_by_hand:
        raise InvalidState(N_("“{process}”由消息、信号或定时启动，不能手工发起。"), process=release.bundle.name)
    instance_id = new_id()
    code = "".join(secrets.choice(_CODE_ALPHABET) for _ in range(_CODE_LENGTH))
    hashed = receipt_hash(instance_id, code)
    origin = Origin(unit_id=unit_id, receipt_hash=hashed, own_matter=own_matter, for_resident=for_resident)
    clean = _validated(tx, release, values)
    loaded = create_instance(tx, release, clean, origin, instance_id)
    if tail := phone_of(release.start_form(), clean)[-PHONE_DIGITS:]:
        tx.add(ReceiptPhone(instance=loaded.instance, tail_hash=receipt_hash(instance_id, tail)))
    uploads = files.references_in(clean)
    if uploads:
        tx.session.flush()  # the files refer to the case, and nothing else tells the session the order
        files.link(tx, instance_id, uploads, upload_session)
    return Started(loaded.instance, code)


def ensure_may_start(tx: Transaction, release: Release) -> None:
    """Raise NotAuthorized unless the actor may start this process (its property ``starters``)."""
    starters = names(release.process.property("starters"))
    if "public" in starters or tx.actor is people.SYSTEM:
        return
    if not tx.actor.may("case.start") or (starters and tx.actor.position not in starters):
        raise NotAuthorized(N_("您的岗位不能发起“{process}”。"), process=release.bundle.name)


def cancel(tx: Transaction, instance_id: UUID, reason: str) -> ProcessInstance:
    """End a case before its end. Needs the permission case.cancel and a reason, which history keeps."""
    if not tx.actor.may("case.cancel"):
        raise NotAuthorized(N_("您的岗位不能终止事项。"))
    if not reason.strip():
        raise InvalidVariables.at("reason", N_("请填写终止原因。"))
    loaded = lock_active(tx, instance_id)
    cancel_loaded(loaded, reason.strip())
    tell_parent(loaded, None)
    return loaded.instance


def receipt_hash(instance_id: UUID, code: str) -> str:
    """What is stored of a receipt code, and of the last digits of a telephone number."""
    return hashlib.sha256(instance_id.bytes + code.strip().upper().encode()).hexdigest()


def _validated(tx: Transaction, release: Release, values: Mapping[str, Any]) -> dict[str, Any]:
    form = release.start_form()
    return form.load(values, {}, feel_environment(tx)) if form else dict(values)


def phone_of(form: Form | None, values: Mapping[str, Any]) -> str:
    """The digits of the first telephone number that whoever filed it gave; empty when there is none."""
    for item in form.inputs if form else ():
        if isinstance(item, TextInput) and item.personal and item.format in _PHONES:
            digits = "".join(char for char in str(look_up(values, item.path) or "") if char.isdigit())
            if len(digits) >= PHONE_DIGITS:
                return digits
    return ""

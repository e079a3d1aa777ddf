"""The saved form of an instance's tokens: opaque, compact, and independent of the spec objects.

A version byte, then zlib over: the number of tokens (4 bytes), their ids (16 bytes each), and a JSON list with the
flags of the instance and a row for each token: number of the element, row of the holder, state, internal data.
Elements are numbered by the diagram alone (:mod:`engine.tokens.build`), so a state fits any spec of the same process.
"""

from __future__ import annotations

import json
import struct
import zlib
from uuid import UUID

from SpiffWorkflow.util.task import TaskState

from engine.errors import N_, InvalidState
from engine.tokens.core import Env, Token, Tokens
from engine.tokens.spec import Spec
from engine.variables import Scopes

_VERSION = b"\x01"
_COUNT = struct.Struct(">I")
_ID = 16


def dump(workflow: Tokens) -> bytes:
    """Save the live tokens, holders before what they hold."""
    tokens: list[Token] = list(_in_order(workflow))
    rows = {token.id: row for row, token in enumerate(tokens)}
    flags = [int(workflow.completed), int(workflow.terminated), workflow.end_error]
    body = json.dumps([flags, [_row(token, rows) for token in tokens]], ensure_ascii=False, separators=(",", ":"))
    ids = b"".join(token.id.bytes for token in tokens)
    return _VERSION + zlib.compress(_COUNT.pack(len(tokens)) + ids + body.encode(), 1)


def load(blob: bytes, spec: Spec, scopes: Scopes, env: Env) -> Tokens:
    """The inverse of :func:`dump`. Raises InvalidState for a state of another version or of another process."""
    if blob[:1] != _VERSION:
        raise InvalidState(N_("实例的保存状态是另一个版本的，不能读取。请升级程序后再试。"))
    data = zlib.decompress(blob[1:])
    count = _COUNT.unpack_from(data)[0]
    start = _COUNT.size + _ID * count
    (completed, terminated, end_error), rows = json.loads(data[start:])
    workflow = Tokens(spec, scopes, env)
    workflow.completed, workflow.terminated, workflow.end_error = bool(completed), bool(terminated), end_error
    tokens: list[Token] = []
    for row, (number, holder, state, *more) in enumerate(rows):
        if number not in spec.by_number:
            raise InvalidState(N_("实例的保存状态与流程“{key}”的这个版本不符。"), key=spec.name)
        place = _COUNT.size + _ID * row
        id = UUID(bytes=data[place : place + _ID])
        parent = tokens[holder] if holder >= 0 else None
        token = Token(workflow, spec.by_number[number], parent, state, id)
        token.internal_data = more[0] if more else {}
        tokens.append(token)
        if state == TaskState.READY:
            workflow.queue(token)
    if tokens:
        workflow.task_tree = tokens[0]
    return workflow


def _row(token: Token, rows: dict[UUID, int]) -> list[object]:
    holder = rows[token._parent] if token._parent is not None else -1
    row: list[object] = [token.task_spec.number, holder, token.state]
    return [*row, token.internal_data] if token.internal_data else row


def _in_order(workflow: Tokens) -> list[Token]:
    """Holders first, and what they hold in its order, which joins and agenda rely on."""
    tokens: list[Token] = [workflow.task_tree] if workflow.tasks else []
    for token in tokens:
        tokens.extend(token.held)
    return tokens

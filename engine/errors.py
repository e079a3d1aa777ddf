"""What can go wrong, said to people.

Every error carries a Chinese sentence with named placeholders (the source text for translation), its parameters and a
stable ``code`` for programs. The web layer translates ``template`` and fills in ``params``; ``str(error)`` is the
Chinese sentence, so logs and the command line read well without any translation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def N_(text: str) -> str:
    """Mark ``text`` for translation without translating it here."""
    return text


class EngineError(Exception):
    """Base of all errors that the engine raises on purpose."""

    code = "engine_error"

    def __init__(self, template: str, **params: Any) -> None:
        self.template = template
        self.params = params
        super().__init__(template.format(**params))


class NotFound(EngineError):
    """The thing asked for does not exist, or the actor may not know that it does."""

    code = "not_found"


class InvalidState(EngineError):
    """The thing is in a state that does not allow the command."""

    code = "invalid_state"


class AlreadyDone(InvalidState):
    """Somebody else was faster: the task was completed, claimed or cancelled in the meantime."""

    code = "already_done"


class NotAuthorized(EngineError):
    """The actor lacks the permission or does not hold the post."""

    code = "not_authorized"


class NotAuthenticated(EngineError):
    """Login failed, the account is locked, or the session has ended."""

    code = "not_authenticated"


class InvalidVariables(EngineError):
    """Submitted values do not fit the form. ``errors`` maps field paths to Chinese sentences (already filled in)."""

    code = "invalid_variables"

    def __init__(self, template: str, errors: dict[str, list[str]], **params: Any) -> None:
        super().__init__(template, **params)
        self.errors = errors
        #: One for each field, where several are wrong: each with a sentence of its own.
        self.parts: Sequence[InvalidVariables] = (self,)

    @classmethod
    def of_parts(cls, parts: Sequence[InvalidVariables]) -> InvalidVariables:
        """Several fields are wrong, and people hear of all at once."""
        errors = {field: each for part in parts for field, each in part.errors.items()}
        error = cls(parts[0].template, errors, **parts[0].params)
        error.parts = parts
        return error

    @classmethod
    def at(cls, field: str, template: str, **params: Any) -> InvalidVariables:
        """One field is wrong, and the sentence says how."""
        return cls(template, {field: [template.format(**params)]}, **params)


class InvalidDefinition(EngineError):
    """A diagram, form, policy or bundle can't be deployed. ``findings`` says why, element by element."""

    code = "invalid_definition"

    def __init__(self, template: str, findings: tuple[Any, ...] = (), **params: Any) -> None:
        super().__init__(template, **params)
        self.findings = findings


class Conflict(EngineError):
    """Two commands changed the same thing at the same time; trying again is safe."""

    code = "conflict"


class StepFailed(EngineError):
    """An automatic step of an instance failed; it becomes an incident."""

    code = "step_failed"


class Unavailable(EngineError):
    """The database or a needed part can't be reached right now."""

    code = "unavailable"

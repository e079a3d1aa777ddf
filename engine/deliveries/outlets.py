"""The ways out: a letter by mail, or the same in a few lines through a robot."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from http.client import HTTPException
from uuid import UUID

from engine.clock import TIMEZONE
from engine.deliveries import robots
from engine.deliveries.parcels import Parcel
from engine.errors import EngineError
from engine.handlers.mail import hand_over, message_id, sender
from engine.handlers.secrets import Secrets


@dataclass(frozen=True)
class Letter:
    """What is written in the receiver's language; robots say only the text. ``settings`` is where to stop it."""

    subject: str
    text: str
    html: str
    settings: str = ""


def deliver(parcel: Parcel, letter: Letter, now: datetime) -> None:
    """Send it. Raises StepFailed when it did not go, or when nobody knows whether it went."""
    if parcel.is_mail:
        send_mail(parcel.id, parcel.target, letter, now)
    else:
        robots.post(parcel.brand, Secrets().get(parcel.target), letter.text)


def send_mail(id: UUID, address: str, letter: Letter, now: datetime) -> None:
    """Mail a letter as plain text and as HTML; programs that keep Message-IDs show one that comes twice once."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender(), address, " ".join(letter.subject.split())
    message["Date"] = format_datetime(now.astimezone(TIMEZONE))
    message["Message-ID"] = message_id(id)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence notice answers it
    if letter.settings:
        message["List-Unsubscribe"] = f"<{letter.settings}>"  # RFC 2369
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    hand_over(message)


def may_have_arrived(error: Exception) -> bool:
    """Whether something that failed may have been taken all the same: the answer is missing, not the way there."""
    cause = error.__cause__
    if isinstance(error, EngineError) and cause is None:
        return False  # refused in so many words
    return isinstance(cause, OSError | HTTPException | ValueError) and not isinstance(
        cause, ConnectionRefusedError | socket.gaierror
    )


def is_away(error: Exception) -> bool:
    """Whether a server can't be reached at all, so that the next parcel would fare no better just now."""
    return isinstance(error.__cause__, OSError)

"""Messages on their way out of the platform: by mail to people, and through robots to group chats.

A command only writes the message (:func:`engine.notifications.tell`). After its commit the courier *watches* tasks for
what nobody told, *sorts* messages into deliveries by the wishes of those behind their holders, and brings *parcels* out
by their *outlets*. Nothing here can hold up or undo a step of a case.
"""

from engine.deliveries import groups, wishes
from engine.deliveries.courier import Courier, Writer
from engine.deliveries.outlets import Letter, deliver, send_mail
from engine.deliveries.parcels import Line, Parcel, retry
from engine.deliveries.robots import BRANDS

__all__ = [
    "BRANDS",
    "Courier",
    "Letter",
    "Line",
    "Parcel",
    "Writer",
    "deliver",
    "groups",
    "retry",
    "send_mail",
    "wishes",
]

"""Names of places by which residents find the unit that they belong to."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.errors import N_
from engine.model.base import Base, EnumText, new_id


class PlaceKind(StrEnum):
    """What people call by such a name."""

    ESTATE = "estate"
    STREET = "street"
    VILLAGE = "village"
    #: A house with its number in a street, or a block of an estate.
    HOUSE = "house"


#: How people call each kind.
KIND_NAMES: dict[PlaceKind, str] = {
    PlaceKind.ESTATE: N_("小区"),
    PlaceKind.STREET: N_("街巷"),
    PlaceKind.VILLAGE: N_("村"),
    PlaceKind.HOUSE: N_("门牌"),
}


class Place(Base):
    """A name that leads to a unit: to a group, or to a community whose groups share the place."""

    __tablename__ = "place"
    __table_args__ = (UniqueConstraint("unit_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("org_unit.id"))
    kind: Mapped[PlaceKind] = mapped_column(EnumText(PlaceKind))
    name: Mapped[str] = mapped_column(String(60))

"""The processes of the standard in the browser, everybody in turn at the own desk, as their scenarios tell."""

from __future__ import annotations

from tests.browser.played import Play


def test_an_appeal_returned_for_material_is_accepted_and_rated(play: Play) -> None:
    play.run("appeal", "returned_for_material")

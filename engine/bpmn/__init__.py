"""BPMN diagrams: read into plain data, checked rule by rule, and told as a list in reading order."""

from engine.bpmn.check import check
from engine.bpmn.finding import Finding
from engine.bpmn.read import read
from engine.bpmn.world import World

__all__ = ["Finding", "World", "check", "read"]

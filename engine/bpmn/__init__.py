"""BPMN diagrams: read into plain data, checked rule by rule, and told as a list in reading order."""

from engine.bpmn.read import read

__all__ = ["read"]

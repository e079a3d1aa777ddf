"""Substitution (委托): who does whose work while somebody is away."""

from webapp.substitutions.views import blueprint

__all__ = ["blueprint"]

"""People: who acts, in which post, at which unit; whom work finds; who sees which case.

The commands that change units, posts and accounts are in ``engine.people.commands``.
"""

from engine.people.actor import (
    ANONYMOUS,
    PERMISSIONS,
    SYSTEM,
    Actor,
    account_holder,
    post_holder,
    receipt_actor,
    receipt_holder,
)
from engine.people.candidates import APPLICANT, resolve_holders, vacant_posts
from engine.people.functions import feel_functions, tree_functions
from engine.people.posts import Post, account_by_login, accounts_behind, actor_of, load_actor, posts_of
from engine.people.tree import LEVEL_NAMES, OrgTree, PositionKind, Unit, org_tree
from engine.people.visibility import visible_to

__all__ = [
    "ANONYMOUS",
    "APPLICANT",
    "LEVEL_NAMES",
    "PERMISSIONS",
    "SYSTEM",
    "Actor",
    "OrgTree",
    "PositionKind",
    "Post",
    "Unit",
    "account_by_login",
    "account_holder",
    "accounts_behind",
    "actor_of",
    "feel_functions",
    "load_actor",
    "org_tree",
    "post_holder",
    "posts_of",
    "receipt_actor",
    "receipt_holder",
    "resolve_holders",
    "tree_functions",
    "vacant_posts",
    "visible_to",
]

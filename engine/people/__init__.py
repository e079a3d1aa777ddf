"""People: who acts, in which post, at which unit; whom work finds; who sees which case.

The commands that change units, posts and accounts are in ``engine.people.commands``.
"""

from engine.people.actor import (
    ANONYMOUS,
    PERMISSIONS,
    SYSTEM,
    Actor,
    StandIn,
    account_holder,
    post_holder,
    receipt_actor,
    receipt_holder,
    receipt_reader,
)
from engine.people.candidates import APPLICANT, resolve_holders, vacant_posts
from engine.people.functions import feel_functions, tree_functions
from engine.people.own_matters import relieved
from engine.people.posts import Post, account_by_login, accounts_behind, actor_of, actors_of, load_actor, posts_of
from engine.people.receivers import Receiver, colleagues, leads, names_of, receiver, receivers
from engine.people.rights import (
    Right,
    claim_for,
    ensure_may,
    is_barred,
    right_as,
    right_in_any_post,
    right_now,
    rights_to,
)
from engine.people.standing_in import standing_in
from engine.people.superiors import superior
from engine.people.tree import LEVEL_NAMES, OrgTree, PositionKind, Unit, org_tree
from engine.people.visibility import OFFICIAL, holders_of_applicant, reads_inside, visible_to

__all__ = [
    "ANONYMOUS",
    "APPLICANT",
    "LEVEL_NAMES",
    "OFFICIAL",
    "PERMISSIONS",
    "SYSTEM",
    "Actor",
    "OrgTree",
    "PositionKind",
    "Post",
    "Receiver",
    "Right",
    "StandIn",
    "Unit",
    "account_by_login",
    "account_holder",
    "accounts_behind",
    "actor_of",
    "actors_of",
    "claim_for",
    "colleagues",
    "ensure_may",
    "feel_functions",
    "holders_of_applicant",
    "is_barred",
    "leads",
    "load_actor",
    "names_of",
    "org_tree",
    "post_holder",
    "posts_of",
    "reads_inside",
    "receipt_actor",
    "receipt_holder",
    "receipt_reader",
    "receiver",
    "receivers",
    "relieved",
    "resolve_holders",
    "right_as",
    "right_in_any_post",
    "right_now",
    "rights_to",
    "standing_in",
    "superior",
    "tree_functions",
    "vacant_posts",
    "visible_to",
]

"""The demo: an organisation with accounts that share one random password, kept in the data folder."""

from __future__ import annotations

import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from engine import accounts
from engine.calendars import seed_calendar
from engine.database import Engine, Transaction
from engine.people import SYSTEM, OrgTree, account_by_login, org_tree
from engine.people.commands import add_position, add_unit, appoint, create_account
from engine.places import set_places
from webapp.demo.organisation import DemoAccount, Organisation, read_organisation

#: No hash, so that no password fits.
_NO_PASSWORD = "!"  # noqa: S105 (the point of it is that it is none)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Demo:
    """What to tell whoever started the demo: the password of all accounts, and the accounts by post."""

    password: str
    accounts: tuple[tuple[str, str], ...]

    @property
    def table(self) -> str:
        """Logins and posts in two columns of text."""
        width = max(len(login) for login, _ in self.accounts)
        return "\n".join(f"  {login:<{width}}  {post}" for login, post in self.accounts)


def load_demo(engine: Engine, var: Path) -> Demo:
    """Load what is missing of the demo; a second call changes nothing and tells the same password.

    When the file with the password is gone, the demo accounts get a new one.
    """
    path = var / "demo-password"
    is_new = not path.is_file()
    password = _make_password(path) if is_new else path.read_text(encoding="ascii").strip()
    organisation = read_organisation()
    added = load(engine, password, organisation)
    if is_new:
        _renew_passwords(engine, password, {each.login for each in organisation.accounts} - added)
    with engine.read(SYSTEM) as tx:
        tree = org_tree(tx)
    return Demo(password, tuple((each.login, _posts(tree, each)) for each in organisation.accounts))


def load(engine: Engine, password: str, organisation: Organisation | None = None) -> set[str]:
    """Add the calendar, units, positions and accounts that are missing. Returns the logins that were added."""
    organisation = organisation or read_organisation()
    with engine.read(SYSTEM) as tx:
        missing = [each for each in organisation.accounts if account_by_login(tx, each.login) is None]
    hashes = _hashes(password, len(missing))
    load_structure(engine, organisation)
    with engine.begin(SYSTEM) as tx:
        _add_accounts(tx, missing, hashes)
    return {each.login for each in missing}


def load_without_passwords(engine: Engine) -> None:
    """Add all of an empty database with accounts that no password opens: for scenarios, which act for everybody."""
    organisation = read_organisation()
    load_structure(engine, organisation)
    with engine.begin(SYSTEM) as tx:
        _add_accounts(tx, list(organisation.accounts), [_NO_PASSWORD] * len(organisation.accounts))


def load_structure(engine: Engine, organisation: Organisation | None = None) -> None:
    """Add the calendar, units and positions that are missing: all that diagrams refer to, and no accounts."""
    with engine.begin(SYSTEM) as tx:
        seed_calendar(tx)
        _add_structure(tx, organisation or read_organisation())


def _add_structure(tx: Transaction, organisation: Organisation) -> None:
    tree = org_tree(tx)
    for position in organisation.positions:
        if position.key not in tree.positions:
            add_position(tx, position.key, position.name, position.level, position.permissions, position.rank)
    known = {unit.code: unit.id for unit in tree}
    for unit in organisation.units:
        if unit.code not in known:
            parent_id = known[unit.parent] if unit.parent else None
            known[unit.code] = add_unit(tx, unit.level, unit.code, unit.name, parent_id, unit.phone).id
            if unit.code in organisation.places:
                set_places(tx, known[unit.code], organisation.places[unit.code])


def _add_accounts(tx: Transaction, missing: list[DemoAccount], hashes: list[str]) -> None:
    tree = org_tree(tx)
    for account, password_hash in zip(missing, hashes, strict=True):
        posts = [(position, unit.id) for position, code in account.posts if (unit := tree.by_code(code))]
        name = account.name or tree.post_name(*posts[0])
        row = create_account(tx, account.login, password_hash, name, account.kind)
        for position, unit_id in posts:
            appoint(tx, row.id, position, unit_id)


def _hashes(password: str, count: int) -> list[str]:
    """Each account has its own salt, so each has to be hashed; argon2 works outside Python's lock."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return list(pool.map(accounts.hash_password, [password] * count))


def _renew_passwords(engine: Engine, password: str, logins: set[str]) -> None:
    with engine.read(SYSTEM) as tx:
        rows = [account_by_login(tx, login) for login in sorted(logins)]
    for row in rows:
        if row is not None:
            accounts.set_password(engine, SYSTEM, row.id, password)


def _make_password(path: Path) -> str:
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(password + "\n")
    return password


def _posts(tree: OrgTree, account: DemoAccount) -> str:
    if account.name:
        return account.name
    units = ((position, tree.by_code(code)) for position, code in account.posts)
    return "、".join(tree.post_name(position, unit.id) for position, unit in units if unit)

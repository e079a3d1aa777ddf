"""Drafts: each person's own, found again by nobody else, never overwritten unasked, gone when the task is done."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from engine import files, forms, tasks
from engine.drafts import DraftConflict
from engine.errors import AlreadyDone, Conflict, NotAuthorized
from engine.model.base import Base
from engine.model.draft import TaskDraft
from engine.model.files import FileLink
from engine.people import receipt_actor
from engine.queries import inbox
from engine.release import form_of_digest
from tests.engine.commands.desk import account, hand_on, substitute
from tests.engine.commands.house import CLERK, House, process

COLLEAGUE = "jinxing-secretary"
TYPED = {"意见": ["写到一"], "数量": ["abc"]}


@pytest.fixture
def case(house: House) -> UUID:
    """A case that waits for the clerk or the secretary of the community."""
    groups = "community_clerk@community, community_secretary@community"
    house.deploy(process().user_task("a", form="f", groups=groups).end())
    return house.start()


def save(house: House, case: UUID, by: str, raw: dict[str, list[str]], known: int = 0) -> int:
    with house.at(by) as tx:
        return tasks.save_draft(tx, house.tasks(case)[0].id, raw, "digest", known).version


def draft(house: House, case: UUID, by: str) -> dict[str, list[str]] | None:
    with house.engine.read(house.actor(by)) as tx:
        found = inbox.work(tx, house.tasks(case)[0].id).draft
        return found.raw if found and found.has_content else None


def discard(house: House, case: UUID, by: str) -> None:
    with house.at(by) as tx:
        tasks.discard_draft(tx, house.tasks(case)[0].id)


def upload(house: House, by: str) -> str:
    with house.at(by) as tx:
        return str(files.store(tx, files.inspect("说明.txt", "说明".encode()))["id"])


def all_drafts(house: House) -> list[TaskDraft]:
    with house.reading() as tx:
        return list(tx.session.scalars(select(TaskDraft)))


def test_what_is_wrong_or_missing_is_kept_as_it_was_typed(house: House, case: UUID) -> None:
    # when somebody saves what no form would accept
    save(house, case, CLERK, TYPED)
    # then it is there, nobody has claimed anything, and history knows nothing of it
    assert draft(house, case, CLERK) == TYPED
    assert house.tasks(case)[0].assignee is None
    assert house.events(case)[-1] == "user_task_created"


def test_each_person_has_an_own_one(house: House, case: UUID) -> None:
    save(house, case, CLERK, TYPED)
    assert draft(house, case, COLLEAGUE) is None
    save(house, case, COLLEAGUE, {"意见": ["我的"]})
    assert draft(house, case, CLERK) == TYPED
    assert draft(house, case, COLLEAGUE) == {"意见": ["我的"]}


def test_it_is_found_again_when_the_task_comes_back(house: House, case: UUID) -> None:
    # given a draft of the clerk, who gives the task back
    (task,) = house.tasks(case)
    with house.at(CLERK) as tx:
        tasks.claim(tx, task.id)
    save(house, case, CLERK, TYPED)
    with house.at(CLERK) as tx:
        tasks.release(tx, task.id)
    # when a colleague has it for a while, and meanwhile the clerk can save nothing
    with house.at(COLLEAGUE) as tx:
        tasks.claim(tx, task.id)
    with pytest.raises(AlreadyDone):
        save(house, case, CLERK, {"意见": ["改了"]}, known=1)
    with house.at(COLLEAGUE) as tx:
        tasks.release(tx, task.id)
    # then the clerk goes on where the clerk was
    assert draft(house, case, CLERK) == TYPED
    assert save(house, case, CLERK, {"意见": ["改了"]}, known=1) == 2


def test_another_window_is_not_overwritten(house: House, case: UUID) -> None:
    # given two windows that begin with the same version
    save(house, case, CLERK, {"意见": ["一"]})
    save(house, case, CLERK, {"意见": ["电脑上写的"]}, known=1)
    # when the other one saves something else, then both are known and nothing is changed
    with pytest.raises(DraftConflict) as refused:
        save(house, case, CLERK, {"意见": ["手机上写的"]}, known=1)
    assert refused.value.stored.raw == {"意见": ["电脑上写的"]}
    assert draft(house, case, CLERK) == {"意见": ["电脑上写的"]}
    # and whoever has seen it may choose
    assert save(house, case, CLERK, {"意见": ["手机上写的"]}, known=2) == 3


def test_the_same_words_are_no_conflict_and_no_new_version(house: House, case: UUID) -> None:
    save(house, case, CLERK, {"意见": ["一"]})
    house.clock.now += timedelta(minutes=5)
    assert save(house, case, CLERK, {"意见": ["一"], "数量": [""]}, known=7) == 1


def test_all_of_them_go_with_the_completion(house: House, case: UUID) -> None:
    save(house, case, CLERK, TYPED)
    save(house, case, COLLEAGUE, TYPED)
    house.complete(case)
    assert all_drafts(house) == []


def test_only_who_may_do_the_task_saves_one(house: House, case: UUID) -> None:
    with pytest.raises(NotAuthorized):
        save(house, case, "chaoyang-clerk", TYPED)
    house.deploy(process("q").user_task(groups="@applicant").end())
    other = house.start("q")
    with pytest.raises(NotAuthorized), house.at(receipt_actor(other)) as tx:
        tasks.save_draft(tx, house.tasks(other)[0].id, TYPED)
    assert all_drafts(house) == []


def test_handed_on_and_back_it_is_there_and_that_of_others_stays_theirs(house: House, case: UUID) -> None:
    save(house, case, CLERK, TYPED)
    hand_on(house, case, COLLEAGUE)
    with pytest.raises(NotAuthorized):
        save(house, case, CLERK, {"意见": ["改了"]}, known=1)
    save(house, case, COLLEAGUE, {"意见": ["我的"]})
    hand_on(house, case, CLERK, by=COLLEAGUE)
    assert draft(house, case, CLERK) == TYPED
    assert save(house, case, CLERK, {"意见": ["改了"]}, known=1) == 2
    assert draft(house, case, COLLEAGUE) == {"意见": ["我的"]}
    # a substitute begins with nothing, too
    substitute(house, CLERK, "chaoyang-clerk")
    assert draft(house, case, "chaoyang-clerk") is None
    save(house, case, "chaoyang-clerk", {"意见": ["代写"]})
    assert draft(house, case, CLERK) == {"意见": ["改了"]}


def test_what_is_discarded_is_gone_and_no_other_window_brings_it_back(house: House, case: UUID) -> None:
    # given a draft with a file, and the id of somebody else's file in it
    own, foreign = upload(house, CLERK), upload(house, COLLEAGUE)
    save(house, case, CLERK, {**TYPED, "附件": [own, foreign]})
    # when it is discarded, then it is gone, and so is the file of its author
    discard(house, case, CLERK)
    assert draft(house, case, CLERK) is None
    with house.reading() as tx:
        assert [str(each.id) for each in tx.session.query(FileLink)] == [foreign]
    # and a window that does not know is told instead of bringing it back
    with pytest.raises(DraftConflict) as told:
        save(house, case, CLERK, TYPED, known=1)
    assert not told.value.stored.has_content
    assert save(house, case, CLERK, {"意见": ["再写"]}, known=told.value.stored.version) == 3
    discard(house, case, COLLEAGUE)  # there is nothing to discard


def test_those_of_cases_that_have_ended_are_dropped_once_a_day(house: House, case: UUID) -> None:
    other = house.start()
    save(house, case, CLERK, {**TYPED, "附件": [upload(house, CLERK)]})
    save(house, other, CLERK, TYPED)
    house.cancel(case)
    house.drain()
    house.clock.advance(days=1)
    house.drain()
    assert [each.task_id for each in all_drafts(house)] == [house.tasks(other)[0].id]
    with house.reading() as tx:
        assert tx.session.query(FileLink).count() == 0


def test_the_version_of_the_form_that_it_was_typed_into_is_found_again(house: House, case: UUID) -> None:
    # given a draft, and a form that has lost a field since
    (task,) = house.tasks(case)
    with house.engine.read(house.actor(CLERK)) as tx:
        digest = inbox.work(tx, task.id).form_digest
    with house.at(CLERK) as tx:
        tasks.save_draft(tx, task.id, TYPED, digest)
    newer = forms.compile({"id": "f", "type": "default", "components": []})
    with house.engine.read(house.actor(CLERK)) as tx:
        found = inbox.work(tx, task.id).draft
        assert found is not None
        old = form_of_digest(tx, found.form_digest)
        assert old is not None
        assert [item.path for item in old.inputs][:2] == ["意见", "数量"]
        assert forms.misfits(newer.bind(found.raw, {}, {}), found.raw, old) == ["意见", "数量"]
        assert form_of_digest(tx, "unknown") is None
    # then what has no place any more is kept in words with what is typed from then on
    with house.at(CLERK) as tx:
        tasks.save_draft(tx, task.id, {}, "newer", 1, [("意见", "写到一")])
    with house.reading() as tx:
        assert tx.session.scalars(select(TaskDraft)).one().left_over == [["意见", "写到一"]]


def test_nothing_of_it_is_anywhere_else(house: House, case: UUID, caplog: pytest.LogCaptureFixture) -> None:
    secret = "只写在草稿里的电话13912345678"
    caplog.set_level("DEBUG")

    def places() -> set[str]:
        with house.reading() as tx:
            rows = {name: tx.session.execute(select(each)).all() for name, each in Base.metadata.tables.items()}
        return {name for name, found in rows.items() if secret in str(found)}

    save(house, case, CLERK, {"意见": [secret], "电话": [secret]})
    assert places() == {"task_draft"}
    with house.engine.read(house.actor("jinxing-secretary")) as tx:
        assert inbox.work(tx, house.tasks(case)[0].id).draft is None
    discard(house, case, CLERK)
    assert places() == set()
    # not even where the database refuses it
    clerk = account(house, CLERK)
    unfit = {"task_id": clerk, "account_id": clerk, "raw": {"意见": secret}, "saved_at": house.clock.now}
    with pytest.raises(Conflict) as refused, house.at(CLERK) as tx:
        tx.session.execute(insert(TaskDraft), unfit)
    for told in (str(refused.value.__cause__), caplog.text):
        assert "13912345678" not in told  # the digits, since JSON escapes all else

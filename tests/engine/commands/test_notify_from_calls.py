"""What a called case tells the applicant is read where the applicant looks: on the case that was filed."""

from __future__ import annotations

from sqlalchemy import select

from engine.model.notification import Notification
from tests.bpmn_xml import extension, zeebe
from tests.engine.commands.house import House, io, process
from tests.engine.commands.test_calls import call


def test_the_applicant_is_told_on_the_case_that_was_filed(house: House) -> None:
    # given a called case, two calls deep, that tells the applicant and a post something
    inputs = {"to": "@applicant,community_clerk@community", "text": "已安排调解"}
    house.deploy(process("grandchild").service("tell", "notify", io(inputs=inputs)).user_task("b", form="g").end())
    house.deploy(
        process("child").node("callActivity", "inner", extension(zeebe("calledElement", processId="grandchild"))).end()
    )
    house.deploy(call().end())
    # when somebody without an account files the case
    filed = house.start(values={"意见": "请协办"})
    while house.drain():
        pass
    # then the receipt of that case leads to what the applicant is told, and the post finds the called case
    with house.reading() as tx:
        rows = list(tx.session.scalars(select(Notification)))
    (told,) = [row for row in rows if row.holder == f"receipt:{filed}"]
    (reminded,) = [row for row in rows if row.holder.startswith("community_clerk@")]
    assert told.instance_id == filed
    assert reminded.instance_id != filed
    assert {row.holder.partition(":")[0] for row in rows if row is not reminded} <= {"receipt", "account"}

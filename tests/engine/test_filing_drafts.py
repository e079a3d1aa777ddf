"""What residents have begun: two windows of one draft that are sent at the same moment."""

from __future__ import annotations

from engine import filing_drafts
from engine.database import Engine
from engine.filing_drafts import Filled
from engine.model.counter import FilingDraft
from engine.people import ANONYMOUS

OWNER = "browser:1"
BEGUN = {"地址": ["三号楼"], "旧的一项": ["甲"], "标题": [""]}


def test_what_two_windows_answer_at_once_is_all_kept(engine: Engine) -> None:
    # given a draft that two windows have read
    with engine.begin(ANONYMOUS) as tx:
        begun = filing_drafts.begin(tx, OWNER, "appeal", Filled(BEGUN, "v1", "jinxing-1"))
    # when each answers something else, and one knows a newer version of the form
    first = Filled({**BEGUN, "标题": ["油烟"]}, "v1", "jinxing-1")
    second = Filled({"地址": ["三号楼一楼"], "标题": [""]}, "v2", "jinxing-1", [("旧的一项", "甲")])
    for each in (first, second):
        with engine.begin(ANONYMOUS) as tx:
            draft = filing_drafts.opened(tx, begun.id, [OWNER], to_change=True)
            assert draft is not None
            filing_drafts.save(tx, draft, each, BEGUN)
    # then both answers are there
    with engine.read(ANONYMOUS) as tx:
        found = tx.get(FilingDraft, begun.id)
        assert found.raw == {"地址": ["三号楼一楼"], "标题": ["油烟"]}
        assert (found.form_digest, found.left_over) == ("v2", [["旧的一项", "甲"]])

"""Who reads what of a case: every kind of reader, every page, and what each shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine import comments, consultations, files, filing, people, tasks
from engine.database import Engine
from engine.filing import Sender
from engine.model.consultation import ConsultationKind
from engine.model.people import Level
from engine.people import SYSTEM, Actor
from tests.webapp.official import APPEAL, open_task
from tests.webapp.portal.resident import PNG, settle

#: Words that stand for what is told to some and not to others.
COMMENT, OPINION, REASON, ANSWER, PHONE = "店主态度不好", "各方谈了三次", "本周外出培训", "已加装净化器", "13800000000"
INTERNAL = frozenset({COMMENT, OPINION, REASON})
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Scene:
    """An appeal that an official filed for oneself, handed on, commented on and settled, with two files."""

    case: UUID
    photo: str
    minutes: str
    question: UUID
    number: str
    code: str


def _actor(engine: Engine, login: str) -> Actor:
    with engine.read(SYSTEM) as tx:
        account = people.account_by_login(tx, login)
        assert account is not None
        return people.load_actor(tx, account.id)


def _settled(app: Flask, engine: Engine, login: str) -> Scene:
    """Filed by this login at the public counter, and settled by the leader of the other group."""
    applicant, leader = _actor(engine, login), _actor(engine, "jinxing-1-leader")
    second = _actor(engine, "jinxing-2-leader")
    with engine.begin(applicant) as tx:
        photo = files.store(tx, files.inspect("现场.png", PNG))
        group = people.org_tree(tx).by_code("jinxing-1")
        assert group is not None
    values = {**APPEAL, "照片": [photo]}
    started = filing.file(engine, applicant, "appeal", values, group, Level.GROUP, Sender("192.0.2.1"))
    case = started.instance.id
    with engine.begin(leader) as tx:
        comments.add(tx, case, COMMENT)
    with engine.begin(leader) as tx:
        tasks.complete(tx, open_task(engine, case).id, {"受理意见": "受理", "事项性质": "个体纠纷"})
    settle(app)
    with engine.begin(leader) as tx:
        (clerk,) = (each for each in _actor(engine, "jinxing-clerk").holders if "@" in each)
        advice = ConsultationKind.ADVICE
        (question,) = consultations.ask(tx, open_task(engine, case).id, advice, [clerk], "店主愿意装净化器吗？")
    with engine.begin(leader) as tx:
        (holder,) = (each for each in second.holders if "@" in each)
        tasks.reassign(tx, open_task(engine, case).id, holder, REASON)
    with engine.begin(second) as tx:
        minutes = files.store(tx, files.inspect("协商记录.png", PNG + b"1"))
        answers = {"协商情况": OPINION, "小组结果": "协商一致", "答复": ANSWER, "协商材料": [minutes]}
        tasks.complete(tx, open_task(engine, case).id, answers)
    settle(app)
    return Scene(case, photo["id"], minutes["id"], question.id, started.instance.business_key, started.receipt_code)


@pytest.fixture
def own(app: Flask, platform: Engine) -> Scene:
    """The matter of a resident with an account."""
    return _settled(app, platform, "resident-1")


def shown(browser: FlaskClient, address: str, follow: bool = True) -> tuple[int, set[str]]:
    """The status of a page, and which of the words stand on it."""
    answer = browser.get(address, follow_redirects=follow)
    text = re.sub(r"<[^>]+>", "", answer.get_data(as_text=True))
    return answer.status_code, {word for word in (*INTERNAL, ANSWER, PHONE) if word in text}


def opens(browser: FlaskClient, scene: Scene) -> tuple[bool, bool]:
    """Whether the applicant's photo opens, and the minutes of the officials."""
    first, second = (browser.get(f"/files/{each}").status_code for each in (scene.photo, scene.minutes))
    return first == 200, second == 200


#: login; status and words of /cases/…, of its sheet, of /follow/case/…; whether photo and minutes open.
TABLE = [
    ("resident-1", (200, {ANSWER, PHONE}), (403, NOTHING), (200, {ANSWER, PHONE}), (True, False)),
    ("resident-2", (404, NOTHING), (403, NOTHING), (404, NOTHING), (False, False)),
    ("jinxing-2-leader", (200, {*INTERNAL, ANSWER, PHONE}), (200, {OPINION, REASON, ANSWER, PHONE}), (404, NOTHING),
     (True, True)),
    ("jinxing-supervisor", (200, {*INTERNAL, ANSWER}), (200, {OPINION, REASON, ANSWER}), (404, NOTHING), (True, True)),
    ("auditor", (200, {*INTERNAL, ANSWER}), (200, {OPINION, REASON, ANSWER}), (404, NOTHING), (True, True)),
    ("developer", (404, NOTHING), (404, NOTHING), (404, NOTHING), (False, False)),
]  # fmt: skip


def test_what_each_role_reads_on_each_page(app: Flask, own: Scene, sign_in: Callable[[str], FlaskClient]) -> None:
    for login, case, sheet, follow, opened in TABLE:
        browser = sign_in(login)
        assert shown(browser, f"/cases/{own.case}") == case, login
        assert shown(browser, f"/cases/{own.case}/sheet") == sheet, login
        assert shown(browser, f"/follow/case/{own.case}") == follow, login
        assert opens(browser, own) == opened, login
    # and the applicant comes from the officials' page to the own one, where nothing is said among officials
    browser = sign_in("resident-1")
    assert browser.get(f"/cases/{own.case}").location == f"/follow/case/{own.case}"
    assert browser.post(f"/cases/{own.case}/comments", data={"text": "我也说一句"}).status_code == 403
    # and drawings are for those who work with them
    page = sign_in("auditor").get(f"/cases/{own.case}").text
    (drawing,) = set(re.findall(r"/diagrams/[0-9a-f-]+\.bpmn", page))
    readers = (app.test_client(), browser, sign_in("developer"))
    assert [each.get(drawing).status_code for each in readers] == [401, 403, 200]


def test_an_official_is_an_applicant_in_the_own_matter(
    app: Flask, platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    # given an appeal of a secretary, who reads the inside of all others of the community
    scene = _settled(app, platform, "jinxing-secretary")
    browser = sign_in("jinxing-secretary")
    assert sign_in("jinxing-clerk").get(f"/opinions/{scene.question}").status_code == 200
    # then this one shows what applicants are told, and nothing that officials ask each other
    assert browser.get(f"/opinions/{scene.question}").status_code == 404
    assert shown(browser, f"/cases/{scene.case}") == (200, {ANSWER, PHONE})
    assert shown(browser, f"/cases/{scene.case}/sheet")[0] == 403
    assert opens(browser, scene) == (True, False)
    with platform.begin(_actor(platform, "jinxing-secretary")) as tx, pytest.raises(Exception, match="本人提出的事项"):
        comments.add(tx, scene.case, "我自己的事")


def test_a_receipt_opens_what_is_meant_for_its_applicant(app: Flask, own: Scene) -> None:
    for code, words in ((own.code, {ANSWER, PHONE}), (PHONE[-4:], {ANSWER})):
        browser = app.test_client()
        browser.post("/follow", data={"number": own.number, "code": code})
        assert shown(browser, f"/follow/case/{own.case}") == (200, words)
        assert shown(browser, f"/cases/{own.case}", follow=False)[0] == 401
        assert opens(browser, own) == (code == own.code, False)


def _templates() -> Iterator[Path]:
    yield from (Path(__file__).parents[2] / "webapp" / "portal" / "templates").rglob("*.html")


def test_no_page_of_the_counter_asks_for_a_drawing() -> None:
    assert not [path for path in _templates() if "diagrams.bpmn" in path.read_text("utf-8")]

"""From a message to the mailbox: real mails to a real server, in the reader's language, without contents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import uuid4

import pytest

from engine import notifications
from engine.database import Engine
from engine.deliveries import Courier, Letter, Line, Parcel
from engine.people import SYSTEM
from tests.clock import FrozenClock
from tests.engine.handlers import servers
from tests.engine.messages.outside import robot, subscribe
from tests.engine.messages.readers import CLERK, SECOND, Readers
from tests.webapp.official import file_appeal, open_task
from webapp.messages.letters import ADDRESS, writer

SITE = "https://wuji.example.cn"


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[servers.Post]:
    """A mail server that the settings name, and the address of the platform."""
    monkeypatch.setenv(ADDRESS, f"{SITE}/")
    with servers.post() as found:
        monkeypatch.setenv("WUJI_SMTP_URL", f"smtp://127.0.0.1:{found.port}")
        monkeypatch.setenv("WUJI_MAIL_FROM", "wuji@example.cn")
        yield found


def _read(raw: bytes) -> tuple[EmailMessage, str, str]:
    """The mail, its plain text and its HTML."""
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    return mail, plain.get_content(), html.get_content()


def test_a_mail_names_the_case_and_the_way_to_it_but_not_what_it_is_about(platform: Engine, post: servers.Post) -> None:
    readers = Readers(platform)
    subscribe(readers, CLERK)
    case = file_appeal(platform)
    task = open_task(platform, case.id)
    with platform.begin(SYSTEM) as tx:
        text = "“{title}”请尽快办理，联系人 {name}"
        params = {"title": "3号楼一楼餐馆油烟直排", "name": "3号楼居民"}
        told = notifications.tell(tx, "urged", [readers.post], case, text, params, task.element_id, task.id)
    courier = Courier(platform, writer(platform))
    assert courier.round() == 1
    assert courier.round() == 0
    assert post.receivers == [[f"{CLERK}@example.cn"]]
    mail, plain, html = _read(post.mails[0])
    assert mail["Subject"] == f"收到催办：{case.business_key}"
    assert mail["List-Unsubscribe"] == f"<{SITE}/messages/settings>"
    for part in (plain, html):
        assert f"{case.business_key}，{task.name}" in part
        assert f"{SITE}/messages/{told}" in part
        assert "期限：11月26日 18:00" in part
        assert f"{SITE}/messages/settings" in part
        assert "油烟" not in part
        assert "3号楼" not in part


def test_everybody_reads_the_own_language(platform: Engine, post: servers.Post) -> None:
    readers = Readers(platform)
    subscribe(readers, CLERK)
    subscribe(readers, SECOND, locale="en")
    readers.tell("甲")
    Courier(platform, writer(platform)).round()
    found = {mail["To"]: mail["Subject"] for mail, _, _ in map(_read, post.mails)}
    assert found == {f"{CLERK}@example.cn": "收到催办", f"{SECOND}@example.cn": "A case was urged"}


def test_what_a_diagram_calls_a_step_cannot_break_out_of_its_place(platform: Engine) -> None:
    line = Line(uuid4(), "urged", "SQ-1", "<script>x</script>\r\nBcc: a@b.cn", None)
    letter = writer(platform)(Parcel(uuid4(), "mail:x", "a@example.cn", "", "", "zh-CN", [line]))
    assert "<script>" not in letter.html
    assert "&lt;script&gt;" in letter.html
    assert letter.subject == "收到催办：SQ-1"


def test_without_an_address_of_the_platform_nothing_has_a_link(platform: Engine) -> None:
    line = Line(uuid4(), "urged", "SQ-1", "", None)
    letter = writer(platform)(Parcel(uuid4(), "mail:x", "a@example.cn", "", "", "zh-CN", [line]))
    assert "http" not in letter.text + letter.html + letter.settings
    assert "“消息设置”" in letter.text


def test_the_group_chat_hears_it_too(platform: Engine, monkeypatch: pytest.MonkeyPatch, clock: FrozenClock) -> None:
    readers = Readers(platform)
    robot(readers, "feishu")
    with servers.web() as web:
        monkeypatch.setenv("WUJI_HTTP_HOSTS", f"127.0.0.1:{web.port}")
        monkeypatch.setenv("WUJI_SECRET_GROUP", web.url("/open-apis/bot/v2/hook/8a7c"))
        monkeypatch.setenv(ADDRESS, SITE)
        readers.tell("甲")
        readers.tell("乙", kind="mentioned")
        courier = Courier(platform, writer(platform))
        assert courier.round() == 1
        said = json.loads(web.seen[0].body)["content"]["text"]
        assert said.splitlines()[-1] == f"办理：{SITE}/tasks"
        assert set(said.splitlines()[:-1]) == {"收到催办", "有评论提及本人"}
        web.answer = (200, {"Content-Type": "application/json"}, b'{"code": 19024, "msg": "Key Words Not Found"}')
        readers.tell("丙")
        assert courier.round() == 0
        assert courier.round() == 0  # it waits
        web.answer = (200, {"Content-Type": "application/json"}, b'{"code": 0}')
        clock.advance(minutes=1)
        assert courier.round() == 1
    assert len(web.seen) == 3


def test_a_mail_server_that_is_away_is_not_asked_for_each_parcel(
    platform: Engine, post: servers.Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = Readers(platform)
    for login in (CLERK, SECOND):
        subscribe(readers, login)
    monkeypatch.setenv("WUJI_SMTP_URL", "smtp://127.0.0.1:9")  # nobody listens
    readers.tell("甲")
    asked: list[Parcel] = []
    write = writer(platform)

    def counting(parcel: Parcel) -> Letter:
        asked.append(parcel)
        return write(parcel)

    assert Courier(platform, counting).round() == 0
    assert len(asked) == 1

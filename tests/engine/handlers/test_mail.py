"""Sending mail: once for each job as far as readers can tell, and never with what somebody smuggled in."""

from __future__ import annotations

from email import message_from_bytes, policy
from typing import Any

import pytest

from engine.database import Engine
from engine.errors import StepFailed
from engine.handlers.mail import mail
from tests.engine.handlers.servers import Post
from tests.engine.handlers.tickets import JOB, ticket

GIVEN = {"to": "li@example.cn，wang@example.cn", "subject": "补正通知", "text": "请补交材料。\n谢谢"}


def test_a_mail_arrives(nobody: Engine, post: Post) -> None:
    assert mail(nobody, ticket(GIVEN)) == {}
    message = message_from_bytes(post.mails[0], policy=policy.default)
    assert post.receivers == [["li@example.cn", "wang@example.cn"]]
    assert (message["From"], message["Subject"]) == ("wuji@example.cn", "补正通知")
    assert message["Message-ID"] == f"<{JOB}@example.cn>"
    assert message["Date"] == "Tue, 24 Nov 2026 09:00:00 +0800"
    assert message.get_content().splitlines() == ["请补交材料。", "谢谢"]


def test_a_second_sending_has_the_same_id(nobody: Engine, post: Post) -> None:
    for _ in range(2):
        mail(nobody, ticket(GIVEN))
    assert len({message_from_bytes(each)["Message-ID"] for each in post.mails}) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"to": None},
        {"to": []},
        {"to": "nobody"},
        {"to": ["li@example.cn\r\nBcc: x@example.cn"]},
        {"to": "a@b@c"},
        {"to": [f"n{number}@example.cn" for number in range(51)]},
        {"subject": ""},
        {"text": None},
    ],
)
def test_inputs_that_make_no_mail_are_refused(nobody: Engine, post: Post, change: dict[str, Any]) -> None:
    with pytest.raises(StepFailed):
        mail(nobody, ticket(GIVEN | change))
    assert post.mails == []


def test_a_subject_of_several_lines_becomes_one(nobody: Engine, post: Post) -> None:
    mail(nobody, ticket(GIVEN | {"subject": "甲\r\nBcc: x@example.cn"}))
    message = message_from_bytes(post.mails[0], policy=policy.default)
    assert (message["Subject"], message["Bcc"]) == ("甲 Bcc: x@example.cn", None)


def test_a_server_that_takes_nobody_is_a_failure(nobody: Engine, post: Post) -> None:
    post.refused = {"li@example.cn"}
    with pytest.raises(StepFailed, match="没有收下"):
        mail(nobody, ticket(GIVEN | {"to": "li@example.cn"}))


@pytest.mark.parametrize(
    ("name", "value"),
    [("WUJI_SMTP_URL", ""), ("WUJI_SMTP_URL", "localhost:25"), ("WUJI_MAIL_FROM", "wuji"), ("WUJI_MAIL_FROM", "")],
)
def test_settings_that_are_missing_are_named(
    nobody: Engine, post: Post, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(StepFailed, match=name):
        mail(nobody, ticket(GIVEN))

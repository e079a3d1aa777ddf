"""The administrator sets the limits of the counter, names of places."""

from __future__ import annotations

import io
from collections.abc import Callable

from flask.testing import FlaskClient
from lxml import html

from tests.webapp.portal.resident import errors, texts, values


def test_limits_are_set_within_bounds_and_nothing_typed_is_lost(sign_in: Callable[[str], FlaskClient]) -> None:
    admin = sign_in("admin")
    page = admin.get("/admin/counter").text
    assert values(page, "phone_day") == ["10"]
    now = {name: values(page, name)[0] for name in ("draft_days", "address_hour", "address_day", "phone_hour")}
    now |= {name: values(page, name)[0] for name in ("least_seconds", "files", "megabytes", "address_megabytes")}
    wrong = admin.post("/admin/counter", data={**now, "phone_day": "很多", "files": "0"})
    assert wrong.status_code == 422
    assert errors(wrong.text) == ["请填写 1 至 10000 的整数。", "请填写 1 至 50 的整数。"]
    assert values(wrong.text, "phone_day") == ["很多"]
    assert admin.post("/admin/counter", data={**now, "phone_day": "20"}).status_code == 303
    assert values(admin.get("/admin/counter").text, "phone_day") == ["20"]
    assert "调整居民窗口的限制" in sign_in("auditor").get("/audit?type=counter_limits_set").text
    assert sign_in("jinxing-1-leader").get("/admin/counter").status_code == 403


def test_names_of_a_unit(sign_in: Callable[[str], FlaskClient], client: FlaskClient) -> None:
    admin = sign_in("admin")
    page = admin.get("/admin/places?q=金星社区一组").text
    assert [text.split() for text in texts(page, "//tbody//td")][1:] == [["4", "个"]]
    [address] = [link for link in admin_links(page) if "/admin/places/" in link]
    own = admin.get(address).text
    assert "金星家园3号楼" in "".join(values(own, "house"))
    typed = {"estate": "锦绣华城\n金星家园", "street": "长" * 61, "village": "", "house": ""}
    wrong = admin.post(address, data=typed)
    assert (wrong.status_code, len(errors(wrong.text))) == (422, 1)
    assert values(wrong.text, "estate") == ["锦绣华城\n金星家园"]
    assert admin.post(address, data={**typed, "street": ""}).status_code == 303
    assert "金星社区一组" in client.get("/places?_place=锦绣华城").text
    assert sign_in("jinxing-secretary").get("/admin/places").status_code == 403


def test_a_file_of_names(sign_in: Callable[[str], FlaskClient], client: FlaskClient) -> None:
    admin = sign_in("admin")
    for content, status in ((b"", 422), ("jinxing-1,城市,甲\n".encode(), 422), ("jinxing-1,小区,东湖\n".encode(), 303)):
        data = {"file": (io.BytesIO(content), "地名.csv" if content else "")}
        answer = admin.post("/admin/places/import", data=data, content_type="multipart/form-data")
        assert answer.status_code == status, answer.text
    assert "金星社区一组" in client.get("/places?_place=东湖").text


def admin_links(page: str) -> list[str]:
    """The addresses of the rows."""
    return [str(link) for link in html.fromstring(page).xpath("//tbody//a/@href")]

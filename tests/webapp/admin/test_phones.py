"""The telephones of units: who sets them, and who is shown which."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from engine.database import Engine
from engine.people import SYSTEM, org_tree
from tests.webapp.official import words
from tests.webapp.portal.resident import case_of, errors, file_appeal

SignIn = Callable[[str], FlaskClient]


def test_an_admin_sets_a_telephone_and_residents_call_the_nearest(
    platform: Engine, sign_in: SignIn, client: FlaskClient
) -> None:
    number, _code = file_appeal(client)
    case = f"/follow/case/{case_of(platform, number)}"
    assert "咨询电话 金星社区 0543-1234511" in words(client.get(case).text)
    with platform.read(SYSTEM) as tx:
        group = org_tree(tx).by_code("jinxing-1")
    assert group is not None
    admin, address = sign_in("admin"), f"/admin/phones/{group.id}"
    assert "现在的上一级：金星社区，0543-1234511" in admin.get(address).text
    wrong = admin.post(address, data={"phone": "请问组长"})
    assert wrong.status_code == 422
    assert errors(wrong.text) == ["请填写正确的电话，如 0543-1234567 或 12345。"]
    assert 'value="请问组长"' in wrong.text
    saved = admin.post(address, data={"phone": "０５４３-１２３４５９９"}, follow_redirects=True)
    assert "已保存“金星社区一组”的电话。" in saved.text
    assert "咨询电话 金星社区一组 0543-1234599" in words(client.get(case).text)
    admin.post(address, data={"phone": ""})
    assert "金星社区 0543-1234511" in words(client.get(case).text)
    assert sign_in("jinxing-secretary").post(address, data={"phone": "12345"}).status_code == 403


def test_the_list_is_searched_by_name(sign_in: SignIn) -> None:
    admin = sign_in("admin")
    assert "朝阳社区" not in words(admin.get("/admin/phones?q=金星").text)
    assert "没有符合条件的单位" in admin.get("/admin/phones?q=没有").text

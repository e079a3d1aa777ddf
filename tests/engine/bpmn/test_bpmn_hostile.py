"""What strangers may send: refused with a line and a sentence, and nothing of the server leaks."""

from __future__ import annotations

import time
from pathlib import Path

import lxml.etree as etree
import pytest

from engine.bpmn import read
from engine.errors import InvalidDefinition
from tests.bpmn_xml import HEADER, simple

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [
<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
<!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">
<!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">
]>
<definitions name="&f;">&f;</definitions>"""


def refusal(source: bytes) -> str:
    with pytest.raises(InvalidDefinition) as caught:
        read(source)
    return str(caught.value)


def document(inner: str = "", doctype: str = "") -> bytes:
    header = HEADER.replace("<bpmn:definitions", f"{doctype}<bpmn:definitions", 1)
    return (header + inner + "</bpmn:definitions>").encode()


def test_a_doctype_is_refused_with_its_line() -> None:
    assert refusal(document(doctype="<!DOCTYPE definitions>\n")).startswith("第 2 行：文件带有 DOCTYPE")


def test_a_doctype_in_utf_16_is_refused() -> None:
    source = document(doctype="<!DOCTYPE definitions>\n").decode().replace("UTF-8", "UTF-16")

    assert "DOCTYPE" in refusal(source.encode("utf-16"))


def test_an_external_entity_is_never_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("最高机密", encoding="utf-8")
    doctype = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>\n'

    message = refusal(
        document("<bpmn:process id='p'><bpmn:documentation>&x;</bpmn:documentation></bpmn:process>", doctype)
    )

    assert "DOCTYPE" in message
    assert "最高机密" not in message


def test_a_parameter_entity_is_never_fetched() -> None:
    doctype = '<!DOCTYPE d [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>\n'

    assert "DOCTYPE" in refusal(document(doctype=doctype))


def test_a_loosened_default_parser_of_another_library_changes_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("最高机密", encoding="utf-8")
    etree.set_default_parser(etree.XMLParser(resolve_entities=True, load_dtd=True, no_network=False))
    try:
        doctype = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>\n'
        assert "DOCTYPE" in refusal(document("<bpmn:process id='p' name='&x;'/>", doctype))
    finally:
        etree.set_default_parser(None)


def test_a_billion_laughs_end_at_once() -> None:
    began = time.perf_counter()

    assert "DOCTYPE" in refusal(BOMB)
    assert time.perf_counter() - began < 1


def test_more_than_two_megabytes_are_refused_unread() -> None:
    assert refusal(b"<" * (2 * 1024 * 1024 + 1)) == "文件有 2.0 MB，超过上限 2 MB。请拆成几个文件。"


def test_too_many_elements_are_refused() -> None:
    assert "超过 60000 个" in refusal(document("<x/>" * 60_001))


def test_too_deep_nesting_is_refused() -> None:
    assert "嵌套超过 60 层" in refusal(document("<x>" * 61 + "</x>" * 61))


def test_nesting_beyond_the_parser_is_refused_too() -> None:
    assert refusal(document("<x>" * 5000 + "</x>" * 5000)).startswith("第 3 行：")


def test_too_many_flow_nodes_are_refused() -> None:
    tasks = "".join(f'<bpmn:task id="t{number}"/>' for number in range(2001))

    assert "2001 个节点" in refusal(document(f'<bpmn:process id="p">{tasks}</bpmn:process>'))


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (b"", "第 1 行：文件里没有 XML 内容"),
        (b"hello", "第 1 行：文件里没有 XML 内容"),
        (b"\x00\x01\x02", "第 1 行："),
        (b"<a>\n<b>\n</a>", "第 3 行：开始标签和结束标签不成对"),
        (b"<a>\n<b", "第 2 行："),
        (b"<a x=1/>", "第 1 行：属性值没有加引号"),
        (b'<a x="1" x="2"/>', "第 1 行：同一个属性写了两次"),
        (b"<a/>\n<b/>", "第 2 行：根元素结束之后还有内容"),
        (b"<a>&nbsp;</a>", "第 1 行：用了没有定义的实体"),
        (b"<x:a/>", "第 1 行：用了没有声明的命名空间前缀"),
        (b"<a>\xff\xfe</a>", "第 1 行：文字编码不正确"),
    ],
)
def test_malformed_xml_is_refused_with_the_line(source: bytes, sentence: str) -> None:
    assert refusal(source).startswith(sentence)


def test_other_xml_is_not_taken_for_bpmn() -> None:
    assert refusal(b"<html/>") == "第 1 行：这不是 BPMN 2.0 流程图（根元素是“html”）。请选择扩展名为 .bpmn 的文件。"


def test_a_decision_table_is_named_as_what_it_is() -> None:
    assert "DMN" in refusal(b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>')


def test_every_truncation_of_a_good_file_is_refused_or_read_and_never_crashes() -> None:
    source = simple().xml()

    for end in range(0, len(source) - len("</bpmn:definitions>\n"), 7):
        assert refusal(source[:end]).startswith("第 ")


def test_comments_and_processing_instructions_are_left_out() -> None:
    source = simple().xml().replace(b"<bpmn:process", b"<?php evil ?><!-- <bpmn:task id='x'/> --><bpmn:process")

    assert set(read(source).processes[0].scope.nodes) == {"start", "a", "end"}

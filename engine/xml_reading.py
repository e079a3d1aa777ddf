"""Reading XML that strangers send: no DTD, no entities, no network, and a limit on everything.

A file with a DOCTYPE is refused as a whole: BPMN and DMN have no use for one, and every entity trick needs it.
"""

from __future__ import annotations

import re
from typing import Final

import lxml.etree as etree

from engine.errors import N_, InvalidDefinition

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_ELEMENTS: Final = 60_000
MAX_DEPTH: Final = 60
_DECLARATION = re.compile(r"^<\?xml\b[^>]*\?>")

#: The usual slips, by libxml2's error code; anything else gets the general sentence with libxml2's own words.
_SLIPS = {
    etree.ErrorTypes.ERR_DOCUMENT_EMPTY: N_("第 {line} 行：文件里没有 XML 内容。请选择一个 .bpmn 或 .dmn 文件。"),
    etree.ErrorTypes.ERR_TAG_NAME_MISMATCH: N_("第 {line} 行：开始标签和结束标签不成对。请补上或改正结束标签。"),
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED: N_("第 {line} 行：标签没有写完，文件可能不完整。请重新导出后再上传。"),
    etree.ErrorTypes.ERR_GT_REQUIRED: N_("第 {line} 行：标签缺少“>”。请补上。"),
    etree.ErrorTypes.ERR_ATTRIBUTE_REDEFINED: N_("第 {line} 行：同一个属性写了两次。请删去一个。"),
    etree.ErrorTypes.ERR_ATTRIBUTE_NOT_STARTED: N_("第 {line} 行：属性值没有加引号。请加上引号。"),
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY: N_("第 {line} 行：用了没有定义的实体。请改为普通文字。"),
    etree.ErrorTypes.ERR_DOCUMENT_END: N_("第 {line} 行：根元素结束之后还有内容。请删去多余的内容。"),
    etree.ErrorTypes.ERR_INVALID_CHAR: N_("第 {line} 行：有 XML 不允许的字符。请删去。"),
    etree.ErrorTypes.ERR_INVALID_ENCODING: N_("第 {line} 行：文字编码不正确。请另存为 UTF-8。"),
    etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE: N_("第 {line} 行：用了没有声明的命名空间前缀。请补上声明。"),
}


def as_text(xml: bytes) -> str:
    """The file as a text whose declaration says UTF-8, whatever encoding it came in; raises like ``parse``."""
    encoding = parse(xml).getroottree().docinfo.encoding or "utf-8"
    return _DECLARATION.sub('<?xml version="1.0" encoding="UTF-8"?>', xml.decode(encoding).lstrip("\ufeff"), count=1)


def parse(xml: bytes) -> etree._Element:
    """Return the root element of a file of at most 2 MB; raise InvalidDefinition for whatever is not plain XML."""
    if len(xml) > MAX_BYTES:
        raise InvalidDefinition(
            N_("文件有 {size} MB，超过上限 2 MB。请拆成几个文件。"), size=round(len(xml) / 1024 / 1024, 1)
        )
    try:
        root = etree.fromstring(xml, _parser())
    except etree.XMLSyntaxError as error:
        raise _malformed(xml, error) from error
    if root.getroottree().docinfo.doctype:
        raise _doctype(xml)
    _ensure_small(root)
    return root


def local(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace(element: etree._Element) -> str:
    """The element's namespace, empty when it has none."""
    return str(element.tag).rpartition("}")[0][1:]


def line(element: etree._Element) -> int:
    """The line on which the element starts, counted from 1."""
    return int(element.sourceline or 0)


def _parser() -> etree.XMLParser:
    # A parser of our own each time: lxml's global default may have been loosened by another library.
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _malformed(xml: bytes, error: etree.XMLSyntaxError) -> InvalidDefinition:
    if _doctype_at(xml):
        return _doctype(xml)
    at = error.lineno or 1
    if template := _SLIPS.get(error.code):
        return InvalidDefinition(template, line=at)
    return InvalidDefinition(
        N_("第 {line} 行：不是有效的 XML（{reason}）。请检查标签和引号，或重新导出。"), line=at, reason=error.msg
    )


def _doctype_at(xml: bytes) -> int:
    """The line of the DOCTYPE, 0 without one; in UTF-16 every other byte is zero."""
    before, found, _ = xml.replace(b"\0", b"").partition(b"<!DOCTYPE")
    return before.count(b"\n") + 1 if found else 0


def _doctype(xml: bytes) -> InvalidDefinition:
    return InvalidDefinition(
        N_("第 {line} 行：文件带有 DOCTYPE 声明，出于安全原因不能读取。请删去 DOCTYPE 和实体定义。"),
        line=_doctype_at(xml) or 1,
    )


def _ensure_small(root: etree._Element) -> None:
    level: list[etree._Element] = [root]
    depth = count = 0
    while level:
        depth, count = depth + 1, count + len(level)
        if depth > MAX_DEPTH:
            raise InvalidDefinition(
                N_("第 {line} 行：元素嵌套超过 {limit} 层。请减少层次。"), line=line(level[0]), limit=MAX_DEPTH
            )
        if count > MAX_ELEMENTS:
            raise InvalidDefinition(N_("文件里的元素超过 {limit} 个。请拆成几个文件。"), limit=MAX_ELEMENTS)
        level = [child for parent in level for child in parent]

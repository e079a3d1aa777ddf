"""Uploading files: what is taken, under which name, and who may use an upload."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from engine import files
from engine.database import Engine
from engine.errors import InvalidVariables, NotAuthorized, NotFound
from engine.model.files import StoredFile
from engine.model.process import ProcessDefinition, ProcessInstance
from engine.people import Actor

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
OFFICIAL = Actor(uuid4(), "金星社区一组组长")
OTHER = Actor(uuid4(), "金星社区二组组长")
RESIDENT = Actor(None, "居民")


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("照片.JPG", b"\xff\xd8\xff\xe0abc", "image/jpeg"),
        ("图.png", PNG, "image/png"),
        ("图.webp", b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        ("图.gif", b"GIF89a...", "image/gif"),
        ("函.pdf", b"%PDF-1.7\n", "application/pdf"),
        ("函.docx", archive("word/document.xml"), files.DOCX),
        ("表.xlsx", archive("xl/workbook.xml"), files.XLSX),
        ("包.zip", archive("a.txt"), "application/zip"),
        ("记录.txt", "会议记录".encode(), "text/plain"),
        ("记录.txt", "会议记录".encode("gb18030"), "text/plain"),
    ],
)
def test_the_type_is_that_of_the_content(name: str, content: bytes, media_type: str) -> None:
    upload = files.inspect(name, content)

    assert (upload.name, upload.media_type) == (name, media_type)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("空.txt", b"", "文件“空.txt”是空的，请检查后重新选择。"),
        ("大.png", PNG + b"\0" * files.LARGEST, "文件“大.png”有 10.0 MB，超过 10 MB，请压缩后再上传。"),
        ("病毒.jpg", b"MZ\x90\0\x03\0\0\0", "不能上传“病毒.jpg”这种文件"),
        ("假.png", b"%PDF-1.7", "文件“假.png”的内容与扩展名不符，实际是 PDF 文件"),
        ("坏.zip", b"PK\x03\x04abc", "不能上传“坏.zip”这种文件"),
        ("页.html", b"<script>alert(1)</script>", "文件“页.html”的内容与扩展名不符，实际是 TXT 文件"),
    ],
)
def test_what_is_not_taken_is_said(name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(files.UnsuitableFile) as caught:
        files.inspect(name, content)

    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("C:\\照片\\一.png", "一.png"),
        ("../../etc/passwd", "passwd"),
        ("a\u202egpj.exe", "agpj.exe"),
        ('a"<b>\r\n.png', "ab.png"),
        ("...", "文件"),
        ("长" * 300 + ".png", "长" * 116 + ".png"),
    ],
)
def test_names_are_cleaned(given: str, clean: str) -> None:
    assert files.clean_name(given) == clean


def test_a_name_without_ending_gets_that_of_its_type() -> None:
    assert files.inspect("照片", PNG).name == "照片.png"


def instance(engine: Engine) -> ProcessInstance:
    """A case, as bare rows."""
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    definition = ProcessDefinition(
        id=uuid4(),
        key="p",
        version=1,
        name="p",
        digest="0",
        bundle=b"",
        source="file",
        published_at=moment,
        published_by="",
    )
    row = ProcessInstance(
        id=uuid4(),
        definition_id=definition.id,
        process_key="p",
        business_key="P-1",
        title="",
        started_at=moment,
        started_by_name="",
        token_state=b"",
        variables=b"",
    )
    with engine.begin(OFFICIAL) as tx:
        tx.add(definition)
        tx.session.flush()
        tx.add(row)
    return row


def test_the_same_content_is_kept_once(engine: Engine) -> None:
    with engine.begin(OFFICIAL) as tx:
        first, second = (files.store(tx, files.inspect(name, PNG)) for name in ("一.png", "二.png"))

    assert first["id"] != second["id"]
    with engine.read(OFFICIAL) as tx:
        assert tx.session.scalar(select(func.count()).select_from(StoredFile)) == 1
        assert files.read(tx, files.as_id(second["id"]))[1].content == PNG


def test_only_the_uploader_may_use_an_upload(engine: Engine) -> None:
    with engine.begin(OFFICIAL) as tx:
        mine = files.store(tx, files.inspect("一.png", PNG))
    with engine.begin(RESIDENT) as tx:
        theirs = files.store(tx, files.inspect("二.png", PNG), session="s1")
    ids = [theirs["id"], mine["id"], mine["id"], "forged", str(uuid4())]

    with engine.read(OFFICIAL) as tx:
        assert files.own_uploads(tx, ids) == [mine]
    with engine.read(OTHER) as tx:
        assert files.own_uploads(tx, ids) == []
        with pytest.raises(NotAuthorized):
            files.read(tx, files.as_id(mine["id"]))
    with engine.read(RESIDENT) as tx:
        assert files.own_uploads(tx, ids, session="s1") == [theirs]
        assert files.own_uploads(tx, ids, session="s2") == []
        with pytest.raises(NotAuthorized):
            files.own_uploads(tx, ids)


def test_a_linked_upload_belongs_to_its_case(engine: Engine) -> None:
    case = instance(engine)
    with engine.begin(OFFICIAL) as tx:
        reference = files.store(tx, files.inspect("一.png", PNG))
        files.link(tx, case.id, [reference])

    with engine.begin(OTHER) as tx:
        assert files.own_uploads(tx, [reference["id"]]) == []
        files.link(tx, case.id, [reference])
        with pytest.raises(InvalidVariables):
            files.link(tx, uuid4(), [reference])
        assert files.read(tx, files.as_id(reference["id"]))[0].instance_id == case.id


def test_a_forged_reference_is_refused(engine: Engine) -> None:
    case = instance(engine)
    with engine.begin(OFFICIAL) as tx:
        reference = files.store(tx, files.inspect("一.png", PNG))

    for forged in ({**reference, "name": "公文.png"}, {**reference, "id": str(uuid4())}, {**reference, "id": "x"}):
        with pytest.raises(InvalidVariables), engine.begin(OFFICIAL) as tx:
            files.link(tx, case.id, [forged])
    with pytest.raises(InvalidVariables), engine.begin(OTHER) as tx:
        files.link(tx, case.id, [reference])


def test_what_is_not_there_is_not_found(engine: Engine) -> None:
    with engine.read(OFFICIAL) as tx, pytest.raises(NotFound):
        files.read(tx, uuid4())


def test_references_are_found_however_deep() -> None:
    reference = {"id": "1", "name": "a", "size": 1, "type": "image/png"}

    assert files.references_in({"a": {"b": [reference, 1]}, "c": "x"}) == [reference]

"""Files that people upload: checked by what they are, stored once by digest, linked to a case with its form.

An upload comes before its form is accepted, so that a form with errors keeps it: until then only whoever uploaded it
may use its id. Checking reads the whole content, so it is done before the transaction begins.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select

from engine.database import Transaction
from engine.errors import N_, EngineError, InvalidVariables, NotAuthorized
from engine.model.base import as_id, new_id
from engine.model.files import FileLink, StoredFile

#: The largest file, in bytes.
LARGEST = 10 * 1024 * 1024
_NAME_LENGTH = 120
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: The types that are taken, with the endings that their names may have (the first is given to names without one).
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "application/pdf": (".pdf",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    "application/zip": (".zip",),
    "text/plain": (".txt",),
}
_BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)


class UnsuitableFile(EngineError):
    """A file that is not taken: empty, too large, of a type that is not allowed, or not what its name says."""

    code = "unsuitable_file"


@dataclass(frozen=True)
class Upload:
    """A checked file: its cleaned name, its media type by its content, its SHA-256 in hexadecimal."""

    name: str
    media_type: str
    digest: str
    content: bytes


def inspect(name: str, content: bytes) -> Upload:
    """Check a file. Raises UnsuitableFile with what to do."""
    name = clean_name(name)
    if not content:
        raise UnsuitableFile(N_("文件“{name}”是空的，请检查后重新选择。"), name=name)
    if len(content) > LARGEST:
        size = f"{len(content) / 1024 / 1024:.1f}"
        template = N_("文件“{name}”有 {size} MB，超过 {limit} MB，请压缩后再上传。")
        raise UnsuitableFile(template, name=name, size=size, limit=LARGEST // 1024 // 1024)
    media_type = sniff(content)
    if media_type is None:
        template = N_("不能上传“{name}”这种文件，请改用 JPG、PNG、WebP、GIF、PDF、DOCX、XLSX、ZIP 或 TXT 格式。")
        raise UnsuitableFile(template, name=name)
    return Upload(_with_ending(name, media_type), media_type, hashlib.sha256(content).hexdigest(), content)


def sniff(content: bytes) -> str | None:
    """The media type by the content's first bytes, None when it is none of those that are taken."""
    for beginning, media_type in _BEGINNINGS:
        if content.startswith(beginning):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"PK\x03\x04"):
        return _archive_type(content)
    return "text/plain" if _is_text(content) else None


def clean_name(name: str) -> str:
    """The name without folders, control characters and what file systems refuse; never empty, at most 120 long."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    # Cf holds the marks that turn the writing direction, with which "gpj.exe" looks like "exe.jpg".
    name = "".join(
        char for char in name if unicodedata.category(char) not in ("Cc", "Cf", "Cs") and char not in '<>:"|?*'
    )
    name = name.strip(". ") or "文件"
    stem, dot, ending = name.rpartition(".")
    if len(name) > _NAME_LENGTH:
        name = f"{stem[: _NAME_LENGTH - len(ending) - 1]}.{ending}" if dot and len(ending) < 10 else name[:_NAME_LENGTH]
    return name


def store(tx: Transaction, upload: Upload, session: str | None = None) -> dict[str, Any]:
    """Keep an upload and give the reference for a form's value: ``{"id", "name", "size", "type"}``.

    ``session`` stands for the uploader when the actor has no account; NotAuthorized without either.
    """
    size = len(upload.content)
    if tx.session.get(StoredFile, upload.digest) is None:
        tx.add(StoredFile(digest=upload.digest, size=size, media_type=upload.media_type, content=upload.content))
        tx.session.flush()  # the link refers to it, and nothing else tells the session the order
    link = FileLink(
        id=new_id(), digest=upload.digest, name=upload.name, uploaded_by=_owner(tx, session), uploaded_at=tx.now
    )
    tx.add(link)
    tx.session.flush()  # the same transaction may link it to its case, and looks for it then
    return _reference(link, size, upload.media_type)


def own_uploads(tx: Transaction, ids: Iterable[str], session: str | None = None) -> list[dict[str, Any]]:
    """The references of the actor's own uploads that belong to no case yet, in the order of ``ids``, without others."""
    wanted = [found for found in map(as_id, ids) if found]
    query = select(FileLink, StoredFile.size, StoredFile.media_type).join(StoredFile).where(FileLink.id.in_(wanted))
    query = query.where(FileLink.uploaded_by == _owner(tx, session), FileLink.instance_id.is_(None))
    found = {link.id: _reference(link, size, kind) for link, size, kind in tx.session.execute(query)}
    return [found[id] for id in dict.fromkeys(wanted) if id in found]


def link(
    tx: Transaction, instance_id: UUID, references: Iterable[Mapping[str, Any]], session: str | None = None
) -> None:
    """Make uploads part of a case. Those that are part of it already stay so.

    Raises InvalidVariables when a reference is not an upload of the actor, or not what it says it is.
    """
    for reference in references:
        file_id = as_id(reference["id"])
        row = tx.session.get(FileLink, file_id) if file_id else None
        if row is None or not (row.instance_id == instance_id or _is_free(tx, row, session)):
            raise InvalidVariables(N_("文件“{name}”已经失效，请重新上传。"), {}, name=reference["name"])
        stored = tx.get(StoredFile, row.digest)
        if _reference(row, stored.size, stored.media_type) != dict(reference):
            raise InvalidVariables(N_("文件“{name}”与上传的不一致，请重新上传。"), {}, name=reference["name"])
        row.instance_id = instance_id


def read(tx: Transaction, file_id: UUID, session: str | None = None) -> tuple[FileLink, StoredFile]:
    """An upload with its content: the link, and the stored file.

    Whoever calls this has made sure that the actor may see the case; an upload without a case is its uploader's only.
    Raises NotFound, NotAuthorized.
    """
    row = tx.get(FileLink, file_id, N_("文件"))
    if row.instance_id is None and row.uploaded_by != _owner(tx, session):
        raise NotAuthorized(N_("这个文件还没有提交，只有上传的人能查看。"))
    return row, tx.get(StoredFile, row.digest, N_("文件"))


def drop_unused(tx: Transaction, ids: Iterable[str | UUID], account_id: UUID | None = None) -> None:
    """Delete those of these uploads that became part of no case; contents that nothing else refers to go with them.

    With an account only those that it has uploaded.
    """
    wanted = [found for found in map(as_id, ids) if found]
    if wanted:
        tx.session.flush()  # what the same transaction has linked to a case stays
        owned = [FileLink.uploaded_by == f"account:{account_id}"] if account_id is not None else []
        _drop(tx, FileLink.id.in_(wanted), *owned)


def unused(tx: Transaction, before: datetime) -> set[UUID]:
    """The ids of what was uploaded before a moment and became part of no case."""
    query = select(FileLink.id).where(FileLink.instance_id.is_(None), FileLink.uploaded_at < before)
    return set(tx.session.scalars(query))


def _drop(tx: Transaction, *which: ColumnElement[bool]) -> None:
    gone = delete(FileLink).where(FileLink.instance_id.is_(None), *which).returning(FileLink.digest)
    digests = set(tx.session.scalars(gone, execution_options={"synchronize_session": False}))
    if digests:
        unused = ~exists().where(FileLink.digest == StoredFile.digest)
        old = delete(StoredFile).where(StoredFile.digest.in_(digests), unused)
        tx.session.execute(old, execution_options={"synchronize_session": False})


def references_in(values: Any) -> list[dict[str, Any]]:
    """All file references inside variables, however deep."""
    if isinstance(values, dict):
        if values.keys() == {"id", "name", "size", "type"}:
            return [values]
        return [found for value in values.values() for found in references_in(value)]
    return [found for value in values for found in references_in(value)] if isinstance(values, list) else []


def _is_free(tx: Transaction, row: FileLink, session: str | None) -> bool:
    return row.instance_id is None and row.uploaded_by == _owner(tx, session)


def _owner(tx: Transaction, session: str | None) -> str:
    if tx.actor.account_id is not None:
        return f"account:{tx.actor.account_id}"
    if session:
        return f"session:{session}"
    raise NotAuthorized(N_("请先登录，或者允许浏览器保存 Cookie，再上传文件。"))


def _reference(link: FileLink, size: int, media_type: str) -> dict[str, Any]:
    return {"id": str(link.id), "name": link.name, "size": size, "type": media_type}


def _with_ending(name: str, media_type: str) -> str:
    endings = ENDINGS[media_type]
    if name.lower().endswith(endings):
        return name
    if "." not in name:
        return name + endings[0]
    template = N_("文件“{name}”的内容与扩展名不符，实际是 {type} 文件，请改正文件名后再上传。")
    raise UnsuitableFile(template, name=name, type=endings[0].lstrip(".").upper())


def _archive_type(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else "application/zip"


def _is_text(content: bytes) -> bool:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(ord(char) < 32 and char not in "\t\n\r\f" for char in text)
    return False

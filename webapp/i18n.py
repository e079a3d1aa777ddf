"""Two languages: Chinese is the source text, English comes from ``translations/en.po``; and days as people say them.

``_("已受理 {n} 件", n=3)`` gives the sentence in the reader's language: the one of the signed-in account, else the
cookie ``locale``, else what the browser prefers, else Chinese. Outside a request: Chinese, unless ``speaking("en")``.
Days and moments are shown in China's time; where ``today`` or ``now`` is left out, the application's clock says it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, cast

from babel.dates import format_date
from babel.messages.pofile import read_po
from flask import Flask, Response, current_app, g, has_app_context, has_request_context, request
from markupsafe import Markup

from engine.clock import TIMEZONE, Clock, local_day, system_clock
from engine.errors import EngineError, InvalidVariables
from engine.feel import FeelError

SOURCE = "zh-CN"
#: The languages on offer, each called by its own name.
LOCALES = {"zh-CN": "简体中文", "en": "English"}  # zh: a language is named in itself
COOKIE = "locale"
_YEAR = 365 * 24 * 3600  # seconds
_TRANSLATIONS = Path(__file__).parent / "translations"
# Unicode's date patterns (UTS 35), without and with the year.
_PATTERNS = {SOURCE: ("M月d日", "y年M月d日"), "en": ("d MMM", "d MMM y")}  # zh: patterns, not sentences
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def init_app(
    app: Flask,
    account_locale: Callable[[], str | None] = lambda: None,
    clock: Clock = system_clock,
    names: Callable[[], Mapping[str, str]] = dict,
) -> None:
    """Give templates ``_``, ``said``, ``LOCALES`` and the filters ``day``, ``moment`` and ``deadline``.

    Args:
        account_locale: the language of the signed-in account; None when nobody is signed in or it has none.
        clock: what time it is; pass the engine's.
        names: what diagrams call their steps in English, by their Chinese names.
    """
    app.extensions["wuji.i18n"] = (account_locale, clock, names)
    app.jinja_env.globals.update(_=_, said=said, LOCALES=LOCALES)
    app.jinja_env.filters.update(day=format_day, moment=format_moment, deadline=deadline)


def _(source: str, /, **params: Any) -> str:
    """The Chinese ``source`` in the reader's language, with its ``{placeholders}`` filled in.

    A parameter that is itself a marked text is translated too. With Markup among the parameters (a link inside a
    sentence) the result is Markup and everything else is escaped.
    """
    return fill(source, params) if params else _text(source)


def in_language(names: Mapping[str, str]) -> dict[str, str]:
    """Names by key, as the reader calls them."""
    return {key: _(name) for key, name in names.items()}


def fill(source: str, params: Mapping[str, Any]) -> str:
    """Like ``_``, for a template and parameters that come from elsewhere, such as a finding of the checker."""
    marked = any(hasattr(value, "__html__") for value in params.values())
    template = Markup(_text(source)) if marked else _text(source)  # noqa: S704 (our own text; format() escapes the rest)
    return template.format(**{name: _parameter(value) for name, value in params.items()})


def said(template: str, params: Mapping[str, Any]) -> str:
    """A message to people in the reader's language; days and moments among its parameters as people say them."""
    return _(template, **{name: _moment_or_same(value) for name, value in params.items()})


def _moment_or_same(value: Any) -> Any:
    match value:
        case {"moment": str(text)}:
            return format_moment(datetime.fromisoformat(text))
        case {"day": str(text)}:
            return format_day(date.fromisoformat(text))
    return value


def translate_error(error: EngineError) -> str:
    """The sentence of an engine's error in the reader's language."""
    return fill(error.template, error.params)


def sentences(error: InvalidVariables) -> dict[str, str]:
    """What is wrong with each field, in the reader's language."""
    return {field: translate_error(part) for part in error.parts for field in part.errors}


def locale() -> str:
    """The reader's language: a key of LOCALES."""
    spoken = _spoken.get()
    if spoken is not None:
        return spoken
    if not has_request_context():
        return SOURCE
    if "locale" not in g:
        g.locale = _choose()
    return str(g.locale)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Use one language inside the block, whoever is asking: for mail, for the command line, for tests."""
    token = _spoken.set(_known(language) or SOURCE)
    try:
        yield
    finally:
        _spoken.reset(token)


def remember(response: Response, language: str) -> Response:
    """Keep the reader's choice in a cookie for a year; an unknown language is ignored."""
    if _known(language):
        response.set_cookie(COOKIE, language, max_age=_YEAR, secure=request.is_secure, httponly=True, samesite="Lax")
    return response


@cache
def catalogue(language: str) -> dict[str, str]:
    """The translations of a language; the source language has none."""
    if language == SOURCE:
        return {}
    with (_TRANSLATIONS / f"{language}.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id and message.string}


class Deadline(NamedTuple):
    """A deadline to show: ``state`` (overdue, today or later) chooses the look, ``text`` says it, ``iso`` is exact."""

    state: str
    text: str
    iso: str


def deadline(due: datetime | None, now: datetime | None = None) -> Deadline | None:
    """How far a deadline is: "逾期3天", "今日 18:00", "11月24日（还有2天）". None where there is none."""
    if due is None:
        return None
    now = now or _clock()()
    exact = due.astimezone(TIMEZONE).isoformat(timespec="minutes")
    days = (local_day(due) - local_day(now)).days
    if due < now:
        return Deadline("overdue", _overdue(due, -days), exact)
    if days == 0:
        return Deadline("today", format_moment(due, now), exact)
    return Deadline("later", format_day(local_day(due), local_day(now)), exact)


def format_day(day: date, today: date | None = None) -> str:
    """A day with its distance: "11月24日（还有2天）", "11月24日（今日）", "11月24日（3天前）"."""
    today = today or local_day(_clock()())
    return _("{day}（{distance}）", day=_day(day, today), distance=_distance((day - today).days))


def format_period(begin: date, end: date | None, with_distance: bool, today: date | None = None) -> str:
    """A period in words: "11月24日 至 12月1日（还有7天）"; without an end "11月24日起"."""
    today = today or local_day(_clock()())
    if end is None:
        return _("{day}起", day=_day(begin, today))
    last = format_day(end, today) if with_distance else _day(end, today)
    return _("{begin} 至 {end}", begin=_day(begin, today), end=last)


def format_moment(moment: datetime, now: datetime | None = None) -> str:
    """A moment to the minute: "今日 18:00", "11月24日 18:00", "2025年11月24日 18:00"."""
    day, today = local_day(moment), local_day(now or _clock()())
    return _("{day} {time}", day=_("今日") if day == today else _day(day, today), time=_time(moment))


def _overdue(due: datetime, days: int) -> str:
    if days == 0:
        return _("今日 {time} 已逾期", time=_time(due))
    return _("逾期1天") if days == 1 else _("逾期{n}天", n=days)


def _distance(days: int) -> str:
    if days == 0:
        return _("今日")
    if days > 0:
        return _("还有1天") if days == 1 else _("还有{n}天", n=days)
    return _("1天前") if days == -1 else _("{n}天前", n=-days)


def _day(day: date, today: date) -> str:
    return _written(day, locale(), day.year == today.year)


@lru_cache(maxsize=4096)
def _written(day: date, language: str, is_this_year: bool) -> str:
    """Lists are full of the same few days, and finding the rules of a language takes longer than applying them."""
    short, long = _PATTERNS[language]
    return format_date(day, short if is_this_year else long, locale=language.replace("-", "_"))


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(TIMEZONE):%H:%M}"


def _text(source: str) -> str:
    language = locale()
    if language == SOURCE:
        return source
    known = catalogue(language).get(source)
    return known if known is not None else _drawn_names().get(source, source)


def _drawn_names() -> Mapping[str, str]:
    """What diagrams call their steps in the reader's language; asked for once in a request."""
    if not has_request_context():
        return {}
    if "drawn_names" not in g:
        g.drawn_names = {}  # whoever gives them may have something to translate, too
        try:
            g.drawn_names = current_app.extensions["wuji.i18n"][2]()
        except Exception:  # a page that says what is wrong must be shown, even where the database is away
            current_app.logger.warning("no names from diagrams", exc_info=True)
    return cast(Mapping[str, str], g.drawn_names)


def _parameter(value: Any) -> Any:
    if isinstance(value, EngineError):
        return translate_error(value)
    if isinstance(value, FeelError):
        return fill(value.message, value.params)
    if isinstance(value, date) and not isinstance(value, datetime):
        return _day(value, local_day(_clock()()))
    return _text(value) if type(value) is str else value


def _choose() -> str:
    account_locale: Callable[[], str | None] = current_app.extensions["wuji.i18n"][0]
    return _known(account_locale()) or _known(request.cookies.get(COOKIE)) or _preferred()


def _preferred() -> str:
    """The browser's first language that we speak in any variant: zh-TW is nearer to zh-CN than to English."""
    spoken = {"zh": SOURCE, "en": "en"}
    languages = [tag.split("-")[0].lower() for tag, quality in request.accept_languages if quality > 0]
    return next((spoken[language] for language in languages if language in spoken), SOURCE)


def _clock() -> Clock:
    known = current_app.extensions.get("wuji.i18n") if has_app_context() else None
    return known[1] if known else system_clock


def _known(language: str | None) -> str | None:
    return language if language in LOCALES else None

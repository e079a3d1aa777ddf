"""Events of the history in plain words: a short name for each type, and a sentence with its particulars."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from string import Formatter
from typing import Any, NamedTuple

from engine.clock import TIMEZONE
from engine.errors import N_
from engine.model.history import HistoryEvent
from engine.release import Release


class Wording(NamedTuple):
    """The name of a type of event, for lists to choose from, and its sentence with placeholders."""

    name: str
    sentence: str


#: Every type that the platform records. Placeholders are keys of the event's data, or ``element`` and ``steps``.
WORDINGS: Mapping[str, Wording] = {
    "instance_started": Wording(N_("提出事项"), N_("提出事项 {number}，流程第 {version} 版")),
    "instance_completed": Wording(N_("办结"), N_("办结")),
    "instance_canceled": Wording(N_("事项终止"), N_("终止事项，原因：{reason}")),
    "case_joined": Wording(N_("并案"), N_("并入编号 {number} 的事项一并办理，原因：{reason}")),
    "case_taken_in": Wording(N_("并入事项"), N_("编号 {number} 的事项并入一并办理，原因：{reason}")),
    "case_separated": Wording(N_("拆分"), N_("不再与编号 {number} 的事项一并办理，原因：{reason}")),
    "joined_case_left": Wording(N_("事项拆出"), N_("编号 {number} 的事项不再一并办理，原因：{reason}")),
    "joined_case_ended": Wording(N_("并案事项办结"), N_("随编号 {number} 的事项一并办结")),
    "user_task_created": Wording(N_("分派环节"), N_("分派环节“{element}”")),
    "user_task_claimed": Wording(N_("领取"), N_("领取“{element}”")),
    "user_task_released": Wording(N_("放回"), N_("放回“{element}”")),
    "user_task_reassigned": Wording(N_("转办"), N_("“{element}”由{from}转给{to}，原因：{reason}")),
    "user_task_passed_up": Wording(N_("回避"), N_("“{element}”的办理人{from}是申请人本人，按回避要求由{to}办理")),
    "consultation_asked": Wording(N_("征求意见"), N_("就“{element}”征求{of}的意见：{question}")),
    "consultation_answered": Wording(N_("答复意见"), N_("就“{element}”答复意见：{answer}")),
    "consultation_withdrawn": Wording(N_("撤回征求意见"), N_("不再征求{of}对“{element}”的意见，原因：{reason}")),
    "instance_transferred": Wording(N_("移交"), N_("从{from}移交到{to}，原因：{reason}")),
    "extension_requested": Wording(
        N_("申请延期"), N_("请{of}把“{element}”的期限从 {before_time} 延到 {until_time}，原因：{reason}")
    ),
    "extension_granted": Wording(
        N_("同意延期"), N_("“{element}”的期限从 {before_time} 延到 {until_time}，原因：{reason}")
    ),
    "extension_refused": Wording(N_("不同意延期"), N_("不同意“{element}”延期，原因：{note}")),
    "extension_withdrawn": Wording(N_("撤回延期申请"), N_("撤回请{of}决定的“{element}”延期申请")),
    "user_task_completed": Wording(N_("办理"), N_("办理“{element}”")),
    "user_task_urged": Wording(N_("催办"), N_("第 {count} 次催办“{element}”，附言：{note}")),
    "user_task_returned": Wording(N_("退回"), N_("从“{element}”退回到“{to_name}”，原因：{reason}")),
    "user_task_recalled": Wording(N_("撤回"), N_("撤回已办的“{to_name}”，“{element}”不再办理")),
    "user_task_canceled": Wording(N_("取消环节"), N_("取消环节“{element}”")),
    "decision_evaluated": Wording(N_("按决策判定"), N_("“{element}”按决策“{decision}”第 {rules} 条规则判定")),
    "advanced": Wording(N_("自动流转"), N_("自动流转：{steps}")),
    "message_received": Wording(N_("收到消息"), N_("收到消息“{name}”")),
    "timer_fired": Wording(N_("到时"), N_("到时：“{element}”")),
    "job_completed": Wording(N_("自动处理完成"), N_("自动处理完成：“{element}”")),
    "job_failed": Wording(N_("自动处理失败"), N_("“{element}”第 {attempt} 次自动处理失败：{error}")),
    "error_thrown": Wording(N_("按错误处理"), N_("“{element}”报错（{code}），按流程图转到处理环节")),
    "escalation_received": Wording(N_("收到升级"), N_("“{element}”转入的事项报来升级（{code}）")),
    "child_started": Wording(N_("转入下级事项"), N_("由“{element}”转入事项 {number}")),
    "child_ended": Wording(N_("下级事项结束"), N_("“{element}”转入的事项有了结果")),
    "deadline_changed": Wording(N_("重算期限"), N_("{by}调整参数“{setting}”（现为 {value}），重算期限：{changes}")),
    "comment_added": Wording(N_("发表评论"), N_("发表评论")),
    "comment_changed": Wording(N_("修改评论"), N_("修改评论")),
    "comment_withdrawn": Wording(N_("撤回评论"), N_("撤回评论")),
    "incident_opened": Wording(N_("出现异常"), N_("“{element}”出现异常：{message}")),
    "incident_resolved": Wording(N_("异常已处理"), N_("“{element}”的异常已处理")),
    "notice_published": Wording(N_("发布公示"), N_("发布公示 {number}：{title}")),
    "objection_filed": Wording(N_("收到异议"), N_("收到对公示 {number} 的异议 {objection}")),
    "objections_collected": Wording(N_("公示期满"), N_("公示 {number} 期满，收到异议 {count} 条")),
    "notice_concluded": Wording(N_("公布公示结果"), N_("公布公示 {number} 的结果：{outcome}")),
    "notice_withdrawn": Wording(N_("撤销公示"), N_("撤销公示 {number}，原因：{reason}")),
    "agenda_item_added": Wording(N_("列入议程"), N_("列入{unit_name}的会议议程，议题 {item}")),
    "agenda_item_left": Wording(N_("退出议程"), N_("议题 {item} 退出议程，原因：{reason}")),
    "agenda_items_taken": Wording(N_("议题上会"), N_("本次会议的议题：{items}；不再需要的：{withdrawn}")),
    "agenda_item_decided": Wording(N_("议定议题"), N_("议定议题 {item}")),
    "agenda_item_postponed": Wording(N_("议题留到下次会议"), N_("议题 {item} 留到下次会议，原因：{reason}")),
    "vote_opened": Wording(N_("发起表决"), N_("发起表决 {vote}，投票人 {electors} 人")),
    "ballot_cast": Wording(N_("投票"), N_("表决 {vote}：{elector}投“{choice}”")),
    "vote_counted": Wording(N_("计票"), N_("表决 {vote} 计票，结果：{outcome}")),
    "vote_canceled": Wording(N_("取消表决"), N_("取消表决 {vote}，原因：{reason}")),
    "material_added": Wording(N_("补充材料"), N_("申请人补充说明或者材料，文件 {files} 个")),
    "delay_complained": Wording(N_("投诉办理缓慢"), N_("申请人投诉办理缓慢")),
    "result_published": Wording(N_("公开办理结果"), N_("公开办理结果：{category}，{outcome}")),
    "result_withdrawn": Wording(N_("撤下办理结果"), N_("撤下公开的办理结果，原因：{reason}")),
    "start_failed": Wording(N_("自动发起失败"), N_("流程 {process} 自动发起失败：{message}")),
    "message_failed": Wording(N_("消息没有送达"), N_("消息“{name}”没有送达：{message}")),
    "messages_expired": Wording(N_("消息过期"), N_("消息“{name}”有 {count} 条没有人等待，已过期删除")),
    "form_added": Wording(N_("新增表单"), N_("新增表单 {form}")),
    "definition_published": Wording(N_("发布流程"), N_("发布流程 {key} 第 {version} 版")),
    "policy_overridden": Wording(N_("设置参数"), N_("流程 {process} 的参数“{name}”对一个单位改为 {value}")),
    "policy_override_withdrawn": Wording(N_("撤销参数设置"), N_("撤销一个单位对流程 {process} 参数“{name}”的设置")),
    "deadlines_not_changed": Wording(N_("期限没有重算"), N_("事项 {case} 的期限没有按参数“{setting}”重算：{message}")),
    "start_switched_off": Wording(
        N_("停用定期启动"), N_("停用“{unit_name}”的定期启动“{name}”（流程 {process}），原因：{reason}")
    ),
    "start_switched_on": Wording(N_("启用定期启动"), N_("启用“{unit_name}”的定期启动“{name}”（流程 {process}）")),
    "signed_in": Wording(N_("登录"), N_("登录")),
    "sign_in_failed": Wording(N_("登录失败"), N_("登录失败，连续第 {count} 次")),
    "signed_out": Wording(N_("退出登录"), N_("退出登录")),
    "acting_post_changed": Wording(N_("更换办理岗位"), N_("改以“{post}”的岗位办理")),
    "account_created": Wording(N_("新建账号"), N_("新建账号 {login}")),
    "account_disabled": Wording(N_("停用账号"), N_("停用一个账号，结束 {sessions_ended} 次登录")),
    "account_enabled": Wording(N_("启用账号"), N_("启用一个账号")),
    "password_changed": Wording(N_("修改密码"), N_("修改密码")),
    "mail_address_proved": Wording(N_("验证邮箱"), N_("验证了接收消息的邮箱")),
    "mail_address_forgotten": Wording(N_("停用邮箱"), N_("不再用邮箱接收消息")),
    "robot_added": Wording(N_("添加群聊机器人"), N_("添加群聊机器人“{name}”")),
    "robot_removed": Wording(N_("移除群聊机器人"), N_("移除群聊机器人“{name}”，原因：{reason}")),
    "delivery_retried": Wording(N_("重新发送消息"), N_("重新发送一条没有送到的消息")),
    "unit_added": Wording(N_("新增单位"), N_("新增单位“{name}”")),
    "unit_closed": Wording(N_("停用单位"), N_("停用单位“{name}”")),
    "unit_phone_set": Wording(N_("设置单位电话"), N_("把“{name}”的电话设为 {phone}")),
    "places_set": Wording(N_("设置地名"), N_("设置“{unit_name}”的地名，新增：{added}；删除：{removed}")),
    "places_imported": Wording(N_("导入地名"), N_("导入地名 {count} 个")),
    "counter_limits_set": Wording(N_("设置居民窗口"), N_("调整居民窗口的限制")),
    "position_added": Wording(N_("新增岗位"), N_("新增岗位 {position}")),
    "appointed": Wording(N_("任职"), N_("任职：岗位 {position}，自 {starts_on} 起")),
    "appointment_ended": Wording(N_("结束任职"), N_("结束任职：岗位 {position}")),
    "substitution_set_up": Wording(
        N_("设置委托"), N_("{principal_name}的工作委托给{delegate_names}，从 {starts_on} 到 {ends_on}，原因：{reason}")
    ),
    "substitution_ended": Wording(N_("结束委托"), N_("结束{principal_name}对{delegate_names}的委托，原因：{reason}")),
    "calendar_set": Wording(N_("录入工作日历"), N_("录入 {year} 年工作日历")),
    "ledger_exported": Wording(N_("导出台账"), N_("导出流程 {process} 的台账 {count} 件，格式 {format}")),
    "history_exported": Wording(N_("导出留痕"), N_("导出留痕 {count} 条，格式 {format}，范围：{scope}")),
}
#: A decision that is no table, or a table in which no rule matched.
_BY_NO_RULE = N_("“{element}”按决策“{decision}”判定")
#: What a substitute did, in whose place.
_ON_BEHALF: Mapping[str, str] = {
    "user_task_claimed": N_("代{on_behalf_of}领取“{element}”"),
    "user_task_completed": N_("代{on_behalf_of}办理“{element}”"),
    "consultation_answered": N_("代{on_behalf_of}就“{element}”答复意见：{answer}"),
}
_UNKNOWN = Wording(N_("其他"), N_("其他事件：{type}"))
_LONGEST_LIST = 6


def name_of(type: str) -> str:
    """The short name of a type of event."""
    return WORDINGS.get(type, _UNKNOWN).name


def element_name(release: Release | None, element_id: str | None) -> str:
    """How people call an element: its name in the diagram, else its id."""
    node = release.nodes.get(element_id or "") if release else None
    return (node.name if node else "") or element_id or ""


def sentence(type: str, element_id: str | None, payload: str, release: Release | None) -> tuple[str, dict[str, Any]]:
    """The sentence of an event as a template and its parameters, so that it can be translated."""
    template = WORDINGS.get(type, _UNKNOWN).sentence
    data = json.loads(payload)["data"]
    if type == "decision_evaluated" and not rules_of(data):
        template = _BY_NO_RULE
    if data.get("on_behalf_of"):
        template = _ON_BEHALF.get(type, template)
    known = {
        **data,
        **data.get("definition", {}),
        **data.get("tally", {}),
        "type": type,
        "element": element_name(release, element_id),
        "steps": _steps(data, release) if "steps" in data else "",
        "scope": _scope(data) if type == "history_exported" else "",
        "to_name": element_name(release, data.get("back_to")),
        "rules": N_("、").join(rules_of(data)),
        "before_time": _local(data.get("before")),
        "until_time": _local(data.get("until")),
        "changes": "；".join(changed_deadlines(data, release)) if type == "deadline_changed" else "",
    }
    wanted = [field for _, field, _, _ in Formatter().parse(template) if field]
    return template, {field: _shown(known.get(field)) for field in wanted}


def rules_of(data: Mapping[str, Any]) -> list[str]:
    """The numbers of the rules by which a decision was made; none unless it is a table."""
    return [str(rule["number"]) for rule in data["trace"][-1]["rules"]] if data.get("trace") else []


def changed_deadlines(data: Mapping[str, Any], release: Release | None, what: str | None = None) -> list[str]:
    """The deadlines that a new value of a setting has moved, of one kind or of all: 审核 2026-11-27 18:00 → …"""
    return [
        f"{element_name(release, each['element'])} {_short(each['old'])} → {_short(each['new'])}"
        for each in data["changes"]
        if what in (None, each["what"])
    ]


def _short(moment: str | None) -> str:
    try:
        return _local(moment) if moment else "—"
    except ValueError:
        return str(moment)


def in_chinese(event: HistoryEvent, release: Release | None) -> str:
    """The sentence of an event in the source language, for files."""
    template, params = sentence(event.type, event.element_id, event.payload, release)
    return template.format(**params)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return N_("、").join(map(str, value)) or "—"
    return "—" if value is None or value == "" else str(value)


def _steps(data: Mapping[str, Any], release: Release | None) -> str:
    """The elements that were passed, by name, each once, those without one left out; a long walk is cut short."""
    passed = [step["element"] for step in data["steps"] if step.get("what") != "entered"]
    named = [each for each in passed if release is None or each not in release.nodes or release.nodes[each].name]
    names = list(dict.fromkeys(element_name(release, element) for element in named or passed))
    shown = N_("、").join(names[:_LONGEST_LIST])
    return shown + ("…" if len(names) > _LONGEST_LIST else "")


def _scope(data: Mapping[str, Any]) -> str:
    """What an export covered: a case, the system's chain, or a period in local time."""
    if data.get("case"):
        return N_("系统") if data["case"] == "system" else str(data["case"])
    return f"{_local(data.get('since'))} – {_local(data.get('until'))}"


def _local(moment: str | None) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(TIMEZONE):%Y-%m-%d %H:%M}" if moment else "…"

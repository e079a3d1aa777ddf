"""What the story of a case says of each kind of event, to officials and to those who filed the case."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import N_

#: Sentences for the events that people are told about; others are only in the full history.
SENTENCES: dict[str, str] = {
    "instance_started": N_("提出事项"),
    "user_task_completed": N_("{element}"),
    "user_task_reassigned": N_("“{element}”由{from}转给{to}"),
    "user_task_passed_up": N_("“{element}”的办理人是申请人本人，按回避要求由{to}办理"),
    "instance_transferred": N_("从{from}移交到{to}"),
    "user_task_urged": N_("催办“{element}”"),
    "user_task_returned": N_("从“{element}”退回“{back_to}”"),
    "user_task_recalled": N_("撤回“{back_to}”"),
    "consultation_asked": N_("就“{element}”请{of}会签"),
    "consultation_answered": N_("答复“{element}”的会签：{opinion}"),
    "consultation_withdrawn": N_("撤回请{of}对“{element}”发表的意见"),
    "extension_requested": N_("请{of}同意“{element}”延期"),
    "extension_granted": N_("同意“{element}”延期"),
    "extension_refused": N_("不同意“{element}”延期"),
    "extension_withdrawn": N_("撤回“{element}”的延期申请"),
    "decision_evaluated": N_("{element}：按决策“{decision}”第 {rules} 条规则"),
    "message_received": N_("收到“{name}”"),
    "timer_fired": N_("到时：{element}"),
    "child_started": N_("转入“{number}”"),
    "child_ended": N_("“{element}”有了结果"),
    "notice_published": N_("发布公示 {number}"),
    "objection_filed": N_("收到异议 {objection}"),
    "objections_collected": N_("公示 {number} 期满，收到异议 {count} 条"),
    "notice_concluded": N_("公布公示 {number} 的结果"),
    "notice_withdrawn": N_("撤销公示 {number}"),
    "agenda_item_added": N_("列入{unit_name}的会议议程"),
    "agenda_item_left": N_("退出会议议程"),
    "agenda_items_taken": N_("议题上会，共 {taken} 件"),
    "agenda_item_decided": N_("议定议题 {item}"),
    "agenda_item_postponed": N_("议题 {item} 留到下次会议"),
    "vote_opened": N_("发起表决，投票人 {electors} 人"),
    "vote_counted": N_("表决计票：{outcome}"),
    "vote_canceled": N_("取消表决"),
    "deadline_changed": N_("参数“{setting}”有调整，重算期限"),
    "material_added": N_("申请人补充材料"),
    "delay_complained": N_("申请人投诉办理缓慢"),
    "result_published": N_("公开办理结果"),
    "result_withdrawn": N_("撤下公开的办理结果"),
    "comment_added": N_("发表评论"),
    "incident_opened": N_("出现异常：{element}"),
    "incident_resolved": N_("异常已处理：{element}"),
    "case_joined": N_("并入编号 {number} 的事项，一并办理"),
    "case_taken_in": N_("编号 {number} 的事项并入，一并办理"),
    "case_separated": N_("不再与编号 {number} 的事项一并办理"),
    "joined_case_left": N_("编号 {number} 的事项不再一并办理"),
    "joined_case_ended": N_("编号 {number} 的事项有了结果，同样适用"),
    "instance_completed": N_("办结"),
    "instance_canceled": N_("终止"),
}
#: A decision that is no table, or a table in which no rule matched.
BY_NO_RULE = N_("{element}：按决策“{decision}”")
ADVICE: Mapping[str, str] = {
    "consultation_asked": N_("就“{element}”征求{of}的意见"),
    "consultation_answered": N_("答复“{element}”的征求意见"),
}
#: The resident came in person, and an official filed it.
FOR_SOMEBODY = N_("代居民提交")
OPINIONS = {"agree": N_("同意"), "disagree": N_("不同意"), "none": ""}
#: What was said stands with the comments; the story only counts.
SEVERAL_COMMENTS = N_("发表评论 {count} 条")
SEVERAL_OBJECTIONS = N_("收到异议 {first} 至 {objection}")
#: What those who filed the case are told, and in which words: what was done for them, when and by which post. Neither
#: what officials say to each other nor how work changes hands belongs here, nor the machine's part.
FOR_RESIDENTS: Mapping[str, str] = {
    "instance_started": N_("提出事项"),
    "user_task_completed": N_("{element}"),
    "message_received": N_("收到“{name}”"),
    "material_added": N_("补充材料"),
    "delay_complained": N_("投诉办理缓慢"),
    "extension_granted": N_("“{element}”的期限延长"),
    "instance_transferred": N_("转由{to}办理"),
    "notice_published": N_("发布公示 {number}"),
    "objections_collected": N_("公示 {number} 期满，收到异议 {count} 条"),
    "notice_concluded": N_("公布公示 {number} 的结果"),
    "notice_withdrawn": N_("撤销公示 {number}"),
    "agenda_item_added": N_("列入{unit_name}的会议议程"),
    "agenda_item_left": N_("退出会议议程"),
    "vote_opened": N_("发起表决，投票人 {electors} 人"),
    "vote_counted": N_("表决计票：{outcome}"),
    "vote_canceled": N_("取消表决"),
    "result_published": N_("公开办理结果，不含个人信息"),
    "result_withdrawn": N_("撤下公开的办理结果"),
    "case_joined": N_("并入编号 {number} 的事项，一并办理"),
    "case_separated": N_("不再与编号 {number} 的事项一并办理"),
    "joined_case_ended": N_("编号 {number} 的事项有了结果，同样适用"),
    "instance_completed": N_("办结"),
    "instance_canceled": N_("终止"),
}
#: Whose notes they read, too: a later deadline and another unit are told with the reason.
WITH_NOTES_FOR_RESIDENTS = frozenset({"extension_granted", "instance_transferred"})
#: What a sentence may name of an event's data.
NAMED = ("name", "number", "objection", "count", "item", "unit_name", "electors", "setting", "from", "to", "of")
#: The note of an event: its label, and where it stands in the event's data.
NOTES: Mapping[str, tuple[str, str]] = {
    "instance_canceled": (N_("原因"), "reason"),
    "case_joined": (N_("原因"), "reason"),
    "case_taken_in": (N_("原因"), "reason"),
    "case_separated": (N_("原因"), "reason"),
    "joined_case_left": (N_("原因"), "reason"),
    "user_task_reassigned": (N_("原因"), "reason"),
    "user_task_returned": (N_("原因"), "reason"),
    "user_task_urged": (N_("附言"), "note"),
    "consultation_asked": (N_("问题"), "question"),
    "consultation_answered": (N_("意见"), "answer"),
    "consultation_withdrawn": (N_("原因"), "reason"),
    "instance_transferred": (N_("原因"), "reason"),
    "extension_refused": (N_("原因"), "note"),
    "extension_withdrawn": (N_("原因"), "reason"),
    "incident_opened": (N_("说明"), "message"),
    "notice_published": (N_("标题"), "title"),
    "notice_concluded": (N_("结果"), "outcome"),
    "notice_withdrawn": (N_("原因"), "reason"),
    "agenda_item_left": (N_("原因"), "reason"),
    "agenda_item_postponed": (N_("原因"), "reason"),
    "vote_canceled": (N_("原因"), "reason"),
    "result_withdrawn": (N_("原因"), "reason"),
}
#: What a meeting decided, as the case and the meeting itself record it.
DECIDED = {"会议结果": N_("会议结果"), "会议意见": N_("会议意见")}

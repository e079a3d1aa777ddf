"""The steps of scenarios, each on a small process."""

from __future__ import annotations

import pytest

from engine.scenarios import ScenarioFailed
from tests.bpmn_xml import element, extension, properties, timer, zeebe
from tests.engine.commands.house import Drawing, House, process
from tests.engine.scenarios.playing import play

FOR_EACH_GROUP = element(
    "bpmn:multiInstanceLoopCharacteristics",
    extension(zeebe("loopCharacteristics", inputCollection='=children(unit, "group")', inputElement="unit")),
)
FOR_EACH_TOPIC = element(
    "bpmn:multiInstanceLoopCharacteristics",
    extension(zeebe("loopCharacteristics", inputCollection='=["油烟", "停车"]', inputElement="议题")),
)


def calling(drawing: Drawing, node_id: str = "call", key: str = "child", inner: str = "") -> Drawing:
    called = extension(zeebe("calledElement", processId=key))
    drawing.node("callActivity", node_id, called + inner)
    return drawing


def weekly(cycle: str = "0 0 9 * * MON", **facts: str) -> Drawing:
    """Starts by the clock, with one task at the subdistrict."""
    drawing = Drawing("weekly", process_inner=extension(properties(**facts)) if facts else "")
    drawing.start("monday", timer("Cycle", cycle))
    return drawing.user_task(groups="subdistrict_officer@subdistrict").end()


def test_a_start_timer_starts_the_case_of_the_scenario(house: House) -> None:
    house.deploy(weekly(startUnit="shizhong"))
    play(
        house,
        """
        - expect: {open: [a], cases: {weekly: 1}}
        - complete: a
          by: subdistrict_officer@subdistrict
          values: {意见: 可行}
        - expect: {state: completed}
        """,
        key="weekly", unit="shizhong", starter="timer", by_timer="monday",
    )  # fmt: skip
    assert house.clock.now.isoformat() == "2026-11-30T01:00:00+00:00"


def test_start_timers_count_from_the_start_of_the_scenario(house: House) -> None:
    """What was missed between the release and the scenario is nothing for the scenario."""
    house.deploy(weekly(startUnit="shizhong"))
    house.deploy(process().user_task().end())
    play(
        house,
        """
        - expect: {cases: {weekly: 0}}
        - advance: P14D
        - expect: {cases: {weekly: 2}}
        """,
        at="2027-01-05T09:00:00+08:00",
    )


def test_time_passes_for_all_cases_in_order(house: House) -> None:
    called = Drawing("child").start().catch("wait", timer("Duration", "PT2H")).user_task("b")
    house.deploy(called.boundary("late", "b", timer("Duration", "PT1H")).end("given_up").at("b").end())
    house.deploy(calling(process()).end())
    play(
        house,
        """
        - expect: {called: [child], cases: {child: 1}, state: active}
        - advance: PT2H
        - expect: {in: child, open: [b]}
        - advance: PT1H
        - expect: {in: child, state: completed, path: [wait, late, given_up]}
        - expect: {state: completed}
        """,
    )


def test_a_step_in_another_process_is_about_its_newest_active_case(house: House) -> None:
    house.deploy(Drawing("child").start().user_task("b", groups="group_leader@group").end())
    house.deploy(calling(process(), inner=FOR_EACH_GROUP).end())
    play(
        house,
        """
        - expect: {cases: {child: 3}}
        - complete: b
          in: child
          by: group_leader@group
          values: {意见: 可行}
        - complete: b
          in: child@jinxing-1
          by: applicant
          values: {意见: 可行}
          refused: true
          because: 没有分派给您现在的岗位
        - complete: b
          in: child@jinxing-1
          by: group_leader@group
          values: {意见: 可行}
        - expect: {state: active}
        - complete: b
          in: child
          by: group_leader@group
          values: {意见: 可行}
        - expect: {state: completed}
        """,
    )


def test_among_the_tasks_of_several_units_the_actor_gets_the_own_one(house: House) -> None:
    house.deploy(process().user_task(groups="group_leader@group", inner=FOR_EACH_GROUP).user_task("b").end())
    play(
        house,
        """
        - complete: a
          by: group_leader@jinxing-2
          values: {意见: 可行}
        - expect: {open: [a, a]}
        - complete: a
          by: group_leader@jinxing-2
          values: {意见: 可行}
          refused: true
          because: 没有分派给您现在的岗位
        - complete: a
          by: group_leader@group
          values: {意见: 可行}
        - complete: a
          by: jinxing-3-leader
          values: {意见: 可行}
        - expect: {open: [b]}
        """,
    )


def test_the_local_variables_choose_among_tasks(house: House) -> None:
    house.deploy(process().user_task(form="g", inner=FOR_EACH_TOPIC).user_task("b").end())
    play(
        house,
        """
        - complete: a
          by: jinxing-clerk
          with: {议题: 停车}
        - complete: a
          by: community_clerk@jinxing
        - expect: {open: [b]}
        """,
    )


def test_the_applicant_acts_in_a_called_case_too(house: House) -> None:
    house.deploy(Drawing("child").start().user_task("b", groups="@applicant").end())
    house.deploy(calling(process(starters="public")).end())
    for starter in ("resident-1", "anonymous"):
        play(
            house,
            """
            - complete: b
              in: child
              by: applicant
              values: {意见: 可行}
            - expect: {state: completed}
            """,
            starter=starter, unit="jinxing-1",
        )  # fmt: skip


def test_a_case_beside_is_started_and_followed(house: House) -> None:
    house.deploy(process().user_task().end())
    house.deploy(process("other", start_form=True).user_task("b", groups="group_leader@group").end())
    play(
        house,
        """
        - start: other
          by: resident
          unit: jinxing-2
          refused: true
          because: 意见
        - start: other
          by: community_clerk
          unit: jinxing-2
          values: {意见: 可行, 数量: 3}
        - expect: {open: [a]}
        - expect:
            in: other
            open: [b]
            variables: {意见: 可行, 数量: 3.0}
        - complete: b
          in: other
          by: group_leader@group
          values: {意见: 可行}
        """,
    )


def test_a_form_that_refuses_leaves_the_task_open(house: House) -> None:
    house.deploy(process().user_task().end())
    play(
        house,
        """
        - complete: a
          by: jinxing-clerk
          values: {数量: 1}
          refused: true
          because: 意见
        - expect: {open: [a]}
        """,
    )


@pytest.mark.parametrize(
    ("step", "because"),
    [
        ("complete: a, by: jinxing-clerk, values: {数量: 1}", "表单没有通过：意见"),
        ("complete: a, by: jinxing-clerk, values: {意见: 可行}, refused: true, because: 意见", "实际办成了"),
        ("complete: a, by: jinxing-clerk, values: {}, refused: true, because: 缺钱", "实际的原因是"),
        ("complete: b, by: jinxing-clerk", "“b”现在没有在等待"),
        ("complete: a, by: nobody", "没有登录名或岗位是“nobody”"),
        ("complete: a, by: jinxing-clerk, vaules: {}", "没有“vaules”这一项"),
        ("complete: a, by: jinxing-clerk, with: {议题: 停车}", "没有一个“a”"),
        ("complete: a, in: q, by: jinxing-clerk", "没有流程“q”的事项"),
        ("finish: a", "没有这种步骤"),
        ("expect: {open: [b]}", '“open”应当是 ["b"]，实际是 ["a"]'),
        ("expect: {opne: [b]}", "没有“opne”这一项"),
        ("advance: 三天", "三天"),
        ("start: p, unit: nowhere", "没有代码或层级是“nowhere”的单位"),
    ],
)
def test_a_failure_names_file_step_and_what_is_open(house: House, step: str, because: str) -> None:
    house.deploy(process().user_task().end())
    with pytest.raises(ScenarioFailed) as failure:
        play(house, f"- {{{step}}}")
    told = str(failure.value)
    assert told.startswith("p/scenarios/try.yaml 第 1 步（")
    assert because in told
    assert "a a (金星社区工作人员)" in told or "实际办成了" in told
    assert "[金星社区]" in told or "实际办成了" in told


def test_a_broken_start_is_told_too(house: House) -> None:
    house.deploy(process().user_task().end())
    with pytest.raises(ScenarioFailed, match=r"开始时.*没有登录名或岗位是“nobody”的人"):
        play(house, "- expect: {}", starter="nobody")


def test_an_incident_fails_the_scenario(house: House) -> None:
    house.deploy(process().gateway("exclusive", "which").when("=1 > 2").end().at("which", "=2 > 3").end("other"))
    with pytest.raises(ScenarioFailed, match="“which”出了异常"):
        play(house, "- expect: {}")

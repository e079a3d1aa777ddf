import { CheckboxEntry, Group, isCheckboxEntryEdited, isTextFieldEntryEdited, TextFieldEntry } from "@bpmn-io/properties-panel";
import { useService } from "bpmn-js-properties-panel";
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";
import { t } from "../i18n.js";

/** The group 循环 of an activity with the marker of a standard loop, which Camunda 8 does not run; null for others. */
export function loopGroup(element) {
  const loop = loopOf(element, "bpmn:StandardLoopCharacteristics");
  if (!loop) return null;
  const entries = [
    text(element, loop, "wuji-loop-condition", t("循环条件"), t("为真就再做一次，以等号开头"), expression("loopCondition")),
    text(element, loop, "wuji-loop-maximum", t("最多次数"), t("整数；不写就不限"), number("loopMaximum")),
    {
      id: "wuji-loop-test-before",
      element,
      component: TestBefore,
      isEdited: isCheckboxEntryEdited,
    },
  ];
  return { id: "wuji-loop", label: t("循环"), component: Group, entries, shouldOpen: true };
}

/** How many instances, for a multi-instance activity without a collection: an entry of its group; null for others. */
export function cardinalityEntry(element) {
  const loop = loopOf(element, "bpmn:MultiInstanceLoopCharacteristics");
  if (!loop) return null;
  const hint = t("没有输入集合时做几次：整数，或以等号开头的表达式");
  return text(element, loop, "wuji-loop-cardinality", t("次数"), hint, expression("loopCardinality"));
}

function loopOf(element, type) {
  const loop = getBusinessObject(element).get("loopCharacteristics");
  return loop && is(loop, type) ? loop : null;
}

function text(element, loop, id, label, description, access) {
  return { id, element, loop, label, description, access, component: LoopText, isEdited: isTextFieldEntryEdited };
}

function LoopText({ element, id, loop, label, description, access }) {
  const injector = useService("injector");
  return TextFieldEntry({
    element,
    id,
    label,
    description,
    debounce: useService("debounceInput"),
    getValue: () => access.read(loop),
    setValue: (value) => update(injector, element, loop, access.changes(injector, loop, value?.trim() ?? "")),
  });
}

function TestBefore({ element, id }) {
  const injector = useService("injector");
  return CheckboxEntry({
    element,
    id,
    label: t("先判断，再做"),
    getValue: () => getBusinessObject(element).get("loopCharacteristics")?.get("testBefore") ?? false,
    setValue: (testBefore) =>
      update(injector, element, getBusinessObject(element).get("loopCharacteristics"), { testBefore }),
  });
}

function expression(name) {
  return {
    read: (loop) => loop.get(name)?.get("body") ?? "",
    changes: (injector, loop, body) => {
      if (!body) return { [name]: undefined };
      const made = injector.get("bpmnFactory").create("bpmn:FormalExpression", { body });
      made.$parent = loop;
      return { [name]: made };
    },
  };
}

function number(name) {
  return {
    read: (loop) => String(loop.get(name) ?? ""),
    changes: (_injector, _loop, typed) => ({ [name]: /^\d+$/.test(typed) ? Number(typed) : undefined }),
  };
}

function update(injector, element, moddleElement, properties) {
  injector.get("commandStack").execute("element.updateModdleProperties", { element, moddleElement, properties });
}

import { Group, isTextFieldEntryEdited, TextAreaEntry, TextFieldEntry } from "@bpmn-io/properties-panel";
import { useService } from "bpmn-js-properties-panel";
import { is } from "bpmn-js/lib/util/ModelUtil";
import { t } from "../i18n.js";
import { cardinalityEntry, loopGroup } from "./loops.js";
import { carrier, readProperty, writeProperty } from "./properties.js";

// What the engine does not honour is not offered: a field that does nothing is a lie.
const HIDDEN_GROUPS = new Set([
  "Zeebe__ExecutionListeners",
  "Zeebe__TaskListeners",
  "activeElements",
  "adHocCompletion",
  "adHocSubProcessImplementation",
  "scriptImplementation",
  "userTaskImplementation",
]);
// A decision comes with the diagram, in the same release: there is no version of it to choose.
const HIDDEN_OF_DECISIONS = new Set(["bindingType", "versionTag"]);
const HIDDEN_ENTRIES = new Set([
  "assignmentDefinitionAssignee",
  "assignmentDefinitionCandidateUsers",
  "historyTimeToLive",
  "jobPriorityDefinitionPriority",
  "taskScheduleFollowUpDate",
  "variableEvents",
  "variableEvents-create",
  "variableEvents-update",
  "variableNames",
]);

const FINAL = { name: "final", label: () => t("办过不能退回"), hint: () => t("填 true：办过以后，事项不能退回到这里和它前面的环节") };

const FIELDS = {
  "bpmn:UserTask": [
    { name: "clause", label: () => t("条款依据"), hint: () => t("条款编号，多条用英文分号隔开，例如 DB3716/T69 5.2.2 a") },
    { name: "assumption", label: () => t("依据说明"), hint: () => t("标准没有写明时，依据的是什么"), long: true },
    { name: "mayReturn", label: () => t("可以退回"), hint: () => t("填 false：办理人不能从这一步退回到前面的环节；填 true：可以退，已经核对过") },
    FINAL,
    { name: "bulk", label: () => t("可以批量办结"), hint: () => t("填 true：办理人可以用同样的内容一次办结多项") },
  ],
  "bpmn:Activity": [FINAL],
  "bpmn:IntermediateCatchEvent": [FINAL],
  "bpmn:IntermediateThrowEvent": [FINAL],
  "bpmn:Lane": [
    { name: "candidateGroups", label: () => t("默认岗位"), hint: () => t("这一道里没有另写岗位的任务由谁办，例如 group_leader@group") },
  ],
  "bpmn:Process": [
    { name: "title", label: () => t("事项标题"), hint: () => t("FEEL 表达式，以等号开头") },
    { name: "searchVariables", label: () => t("可查询的变量"), hint: () => t("变量名，用英文逗号隔开") },
    { name: "searchPeople", label: () => t("按人查询的变量"), hint: () => t("姓名、电话所在的变量，用英文逗号隔开；填全才查得到") },
    { name: "numberPrefix", label: () => t("编号前缀"), hint: () => t("例如 SQ") },
    { name: "starters", label: () => t("谁可以发起"), hint: () => t("public 表示任何人；或写岗位，用英文逗号隔开") },
    { name: "startUnits", label: () => t("事项属于哪一级"), hint: () => t("district、subdistrict、community 或 group；定时开始的，每个单位各一件") },
    { name: "ledger", label: () => t("台账的列"), hint: () => t("FEEL 上下文，以等号开头，例如 ={编号: 编号, 办结时间: 办结时间}"), long: true },
    { name: "extensionLimit", label: () => t("延期上限"), hint: () => t("期限最多延长几个工作日，例如 =policy.延期上限；不写就不限") },
    { name: "publishedResult", label: () => t("公开的办理结果"), hint: () => t("FEEL 上下文，例如 ={类别: 诉求类别, 结果: 办结方式, 摘要: 公开摘要}"), long: true },
    { name: "publishedWhen", label: () => t("公开哪些事项"), hint: () => t("FEEL 条件，以等号开头；不写的，办结的都公开") },
    { name: "mayTransfer", label: () => t("可以移交"), hint: () => t("填 false：事项不能移交其他单位") },
    { name: "confidential", label: () => t("保密事项"), hint: () => t("填 true：只有参与办理的人看得到") },
  ],
};

/** Takes away what is not honoured and adds the group 五级双向. */
export class WujiProvider {
  constructor(propertiesPanel) {
    // After the providers of bpmn-js (1000) and Zeebe (500), whose groups are sorted out here.
    propertiesPanel.registerProvider(200, this);
  }

  getGroups(element) {
    return (groups) => {
      const kept = groups.filter(({ id }) => !HIDDEN_GROUPS.has(id) && !(id === "headers" && is(element, "bpmn:UserTask")));
      for (const group of kept) {
        if (group.entries) group.entries = group.entries.filter(({ id }) => isHonoured(group, id));
      }
      const own = [ownGroup(element), loopGroup(element)].filter(Boolean);
      kept.splice(Math.min(1, kept.length), 0, ...own);
      const cardinality = cardinalityEntry(element);
      if (cardinality) kept.find(({ id }) => id === "multiInstance")?.entries.push(cardinality);
      return kept.filter((group) => !group.entries || group.entries.length);
    };
  }
}
WujiProvider.$inject = ["propertiesPanel"];

function isHonoured(group, id) {
  return !HIDDEN_ENTRIES.has(id) && !(group.id === "calledDecision" && HIDDEN_OF_DECISIONS.has(id));
}

function ownGroup(element) {
  const target = carrier(element);
  const type = Object.keys(FIELDS).find((name) => target && is(target, name));
  if (!type) return null;
  const entries = FIELDS[type].map((field) => ({
    id: `wuji-${field.name}`,
    element,
    field,
    component: PropertyEntry,
    isEdited: isTextFieldEntryEdited,
  }));
  return { id: "wuji", label: t("五级双向"), component: Group, entries, shouldOpen: true };
}

function PropertyEntry({ element, id, field }) {
  const injector = useService("injector");
  const Entry = field.long ? TextAreaEntry : TextFieldEntry;
  return Entry({
    element,
    id,
    label: field.label(),
    description: field.hint(),
    debounce: useService("debounceInput"),
    getValue: () => readProperty(element, field.name),
    setValue: (value) => writeProperty(injector, element, field.name, value?.trim()),
  });
}

export default {
  __init__: ["wujiProvider"],
  wujiProvider: ["type", WujiProvider],
  // Camunda runs fewer kinds of timers than we do and strips the others when a shape is moved; ours stay.
  cleanUpTimerExpressionBehavior: ["value", null],
};

import { t } from "../i18n.js";

// Later entries win where an element is in several lists: what is wrong matters most.
const KINDS = [
  { name: "done", word: () => t("已经过"), sign: "✓" },
  { name: "active", word: () => t("正在办理"), sign: "●" },
  { name: "failed", word: () => t("异常"), sign: "!" },
  { name: "assumed", word: () => t("按其他依据设定"), sign: "–" },
  { name: "cited", word: () => t("有条款依据"), sign: "✓" },
  { name: "chosen", word: () => t("所选环节"), sign: "●" },
];

/** One layer of information: the outline of each marked element, and a sign in its corner. */
export function mark(viewer, marks) {
  const registry = viewer.get("elementRegistry");
  for (const [id, kind] of strongest(marks)) {
    if (!registry.get(id)) continue;
    viewer.get("canvas").addMarker(id, `is-${kind.name}`);
    viewer.get("overlays").add(id, "mark", { position: { top: -11, left: -11 }, html: sign(kind) });
  }
}

function strongest(marks) {
  const found = new Map();
  for (const kind of KINDS) for (const id of marks[kind.name] ?? []) found.set(id, kind);
  return found;
}

function sign(kind) {
  const node = document.createElement("span");
  node.className = `diagram-sign is-${kind.name}`;
  node.textContent = kind.sign;
  node.setAttribute("aria-hidden", "true");
  return node;
}

/** What the signs say, for those that occur. */
export function legend(marks) {
  const list = document.createElement("ul");
  list.className = "diagram-legend";
  for (const kind of KINDS.filter(({ name }) => marks[name]?.length)) {
    const item = document.createElement("li");
    item.append(sign(kind), kind.word());
    list.append(item);
  }
  return list;
}

/** The same facts as one sentence for those who do not see the picture. */
export function describe(viewer, marks, label) {
  const registry = viewer.get("elementRegistry");
  const names = (ids = []) => ids.map((id) => registry.get(id)?.businessObject.name).filter(Boolean);
  const parts = KINDS.map((kind) => ({ word: kind.word(), names: names(marks[kind.name]) }));
  const said = parts.filter((part) => part.names.length).map((part) => `${part.word}${t("：")}${part.names.join(t("、"))}`);
  return [label, ...said].join(t("。"));
}

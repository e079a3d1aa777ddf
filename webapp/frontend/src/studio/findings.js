import { t } from "../i18n.js";

const WORDS = { error: () => t("错误"), warning: () => t("提醒"), note: () => t("说明") };
const TAGS = { error: "tag-failed", warning: "tag-today", note: "tag-outline" };

/** The checker's findings: a badge on each element, and a list in which a line selects its element; notes are folded. */
export class Findings {
  constructor(modeler, panel) {
    this.modeler = modeler;
    this.list = panel.querySelector("ul");
    this.summary = panel.querySelector(".studio-summary");
  }

  show(all) {
    const findings = all.filter(({ severity }) => severity !== "note");
    const overlays = this.modeler.get("overlays");
    overlays.remove({ type: "finding" });
    for (const [element, own] of this.byElement(findings)) {
      overlays.add(element, "finding", { position: { top: -12, right: 12 }, html: this.badge(element, own) });
    }
    const inOrder = [...findings].sort(errorsFirst);
    this.list.replaceChildren(...inOrder.map((finding) => this.line(finding)));
    this.showNotes(all.filter(({ severity }) => severity === "note"));
    this.summary.textContent = summary(findings);
    this.summary.dataset.severity = worst(findings) ?? "none";
  }

  /** What only follows from the drawing, such as from where a case may be sent back to where. */
  showNotes(notes) {
    if (!notes.length) return;
    const fold = document.createElement("details");
    fold.open = this.notesOpen ?? false;
    fold.addEventListener("toggle", () => (this.notesOpen = fold.open));
    const title = document.createElement("summary");
    title.textContent = t("说明：{n} 条", { n: notes.length });
    const lines = document.createElement("ul");
    lines.append(...notes.map((note) => this.line(note)));
    fold.append(title, lines);
    const item = document.createElement("li");
    item.append(fold);
    this.list.append(item);
  }

  byElement(findings) {
    const groups = new Map();
    for (const finding of findings) {
      const element = this.find(finding.element);
      // The plane itself has no place for a badge.
      if (!element || !element.parent) continue;
      groups.set(element, [...(groups.get(element) ?? []), finding]);
    }
    return groups;
  }

  /** The shape of an element; a process is shown by its pool. */
  find(id) {
    const registry = this.modeler.get("elementRegistry");
    return registry.get(id) ?? registry.find((element) => element.businessObject?.processRef?.id === id);
  }

  badge(element, findings) {
    const node = document.createElement("button");
    node.type = "button";
    node.className = `finding-badge is-${worst(findings)}`;
    node.textContent = worst(findings) === "error" ? "×" : "!";
    node.title = findings.map(({ message }) => message).join("\n");
    node.setAttribute("aria-label", node.title);
    node.addEventListener("click", () => this.select(element));
    return node;
  }

  line(finding) {
    const item = document.createElement("li");
    const line = document.createElement("button");
    line.type = "button";
    const word = document.createElement("span");
    word.className = `tag ${TAGS[finding.severity]}`;
    word.textContent = WORDS[finding.severity]();
    line.append(word, ` ${finding.message}`);
    line.title = finding.rule;
    line.addEventListener("click", () => this.select(this.find(finding.element)));
    item.append(line);
    return item;
  }

  select(element) {
    if (!element) return;
    const canvas = this.modeler.get("canvas");
    this.modeler.get("selection").select(element.parent ? element : null);
    if (element.parent) canvas.scrollToElement(element, { top: 80, right: 80, bottom: 80, left: 120 });
    canvas.focus();
  }
}

function errorsFirst(one, other) {
  return (other.severity === "error") - (one.severity === "error");
}

function worst(findings) {
  return findings.some(({ severity }) => severity === "error") ? "error" : findings.length ? "warning" : undefined;
}

function summary(findings) {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  if (!findings.length) return t("检查通过，没有发现问题。");
  return t("{errors} 处错误，{warnings} 处提醒", { errors, warnings: findings.length - errors });
}

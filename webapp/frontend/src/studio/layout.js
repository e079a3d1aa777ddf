import { t } from "../i18n.js";

const BUTTONS = [
  { act: "save", label: () => t("保存草稿"), kind: "secondary", key: "Control+S" },
  { act: "check", label: () => t("检查"), kind: "quiet" },
  { act: "undo", label: () => t("撤销"), kind: "quiet", key: "Control+Z" },
  { act: "redo", label: () => t("重做"), kind: "quiet", key: "Control+Y" },
  { act: "fit", label: () => t("适应画布"), kind: "quiet" },
  { act: "open", label: () => t("打开文件"), kind: "quiet" },
  { act: "download", label: () => t("下载"), kind: "quiet" },
  { act: "publish", label: () => t("发布"), kind: "primary" },
];

/** Build the studio into its host and return its parts by name. */
export function layout(host) {
  host.classList.add("studio");
  const parts = {
    toolbar: part(host, "div", "studio-toolbar"),
    notice: part(host, "div", "studio-notice"),
    canvas: part(host, "div", "studio-canvas"),
    panel: part(host, "div", "studio-panel"),
    findings: part(host, "section", "studio-findings"),
  };
  parts.notice.setAttribute("aria-live", "assertive");
  parts.panel.setAttribute("role", "region");
  parts.panel.setAttribute("aria-label", t("属性"));
  parts.toolbar.setAttribute("role", "toolbar");
  parts.toolbar.setAttribute("aria-label", t("流程图工具"));
  parts.buttons = Object.fromEntries(BUTTONS.map((button) => [button.act, parts.toolbar.appendChild(toolButton(button))]));
  parts.status = part(parts.toolbar, "p", "studio-status");
  parts.status.setAttribute("role", "status");
  parts.toolbar.append(parts.buttons.publish);
  fillFindings(parts.findings);
  return parts;
}

/** Say something above the canvas; actions are (label, function) pairs. */
export function say(place, kind, text, actions = []) {
  const box = document.createElement("div");
  box.className = `notice notice-${kind}`;
  const sentence = part(box, "p", "");
  sentence.textContent = text;
  for (const [label, act] of [...actions, [t("知道了"), () => {}]]) {
    const button = toolButton({ label: () => label, kind: "quiet" });
    button.addEventListener("click", () => {
      box.remove();
      act();
    });
    box.append(button);
  }
  place.replaceChildren(box);
}

/** Ask what changed; resolves to the note, or to null when nothing shall be published. */
export function askNote() {
  const dialog = document.createElement("dialog");
  dialog.className = "studio-dialog";
  dialog.innerHTML = `<form method="dialog"><h2></h2><p></p><div class="field"><label class="field-label" for="publish-note"></label>
    <textarea id="publish-note" rows="3" required></textarea></div>
    <div class="form-actions"><button class="btn btn-primary" value="publish"></button><button class="btn btn-secondary" value="" formnovalidate></button></div></form>`;
  dialog.querySelector("h2").textContent = t("发布新版本");
  dialog.querySelector("p").textContent = t("新发起的事项按新版本办理，正在办理的事项仍按原来的版本。");
  dialog.querySelector("label").textContent = t("这次改了什么");
  dialog.querySelector(".btn-primary").textContent = t("发布");
  dialog.querySelector(".btn-secondary").textContent = t("取消");
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const note = dialog.querySelector("textarea").value.trim();
      dialog.remove();
      resolve(dialog.returnValue === "publish" && note ? note : null);
    });
  });
}

/** Ask for a file; resolves to null when none was chosen. */
export function askFile(accept) {
  const input = Object.assign(document.createElement("input"), { type: "file", accept });
  return new Promise((resolve) => {
    input.addEventListener("change", () => resolve(input.files[0] ?? null));
    input.addEventListener("cancel", () => resolve(null));
    input.click();
  });
}

function part(host, tag, className) {
  return host.appendChild(Object.assign(document.createElement(tag), { className }));
}

function toolButton({ act, label, kind, key }) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: `btn btn-${kind}`, textContent: label() });
  if (act) button.dataset.act = act;
  if (key) {
    button.setAttribute("aria-keyshortcuts", key);
    button.title = key.replace("Control", "Ctrl");
  }
  return button;
}

function fillFindings(section) {
  section.setAttribute("aria-label", t("检查结果"));
  const summary = part(section, "p", "studio-summary");
  summary.setAttribute("role", "status");
  summary.textContent = t("还没有检查。");
  part(section, "ul", "");
}

import { t } from "../i18n.js";
import { shrink } from "./photos.js";

/** Files that are on their way, by the id of their form; it can't be sent on before they are there. */
const underWay = new Map();

/**
 * Send files as soon as they are chosen (`<form data-upload="address/">`): each shows how far it is, can be stopped, and
 * is tried again when the network fails. What has arrived is a ticked box of the form; the rest of the form is untouched.
 */
export function uploadAhead() {
  // First of all listeners: nothing else may send the files as well.
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type !== "file" || !input.multiple || !input.form?.dataset.upload) return;
    event.stopImmediatePropagation();
    const chosen = [...input.files];
    input.value = "";
    for (const file of chosen) send(input, file, line(input, file.name));
  }, true);
}

function line(input, name) {
  const made = Object.assign(document.createElement("div"), { className: "upload" });
  const label = Object.assign(document.createElement("span"), { className: "upload-name", textContent: name });
  const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
  bar.setAttribute("aria-label", t("{name}上传进度", { name }));
  const word = Object.assign(document.createElement("span"), { className: "upload-word" });
  const buttons = Object.assign(document.createElement("span"), { className: "upload-acts" });
  made.append(label, bar, word, buttons);
  place(input).append(made);
  tell(input, t("正在上传{name}。", { name }));
  return { made, bar, word, buttons, name };
}

async function send(input, file, shown) {
  wait(input.form, 1);
  shown.bar.hidden = false;
  shown.word.textContent = "";
  const request = new XMLHttpRequest();
  let stopped = false;
  const stop = button(shown, t("取消"), () => {
    stopped = true;
    request.abort();
    shown.made.remove();
    wait(input.form, -1);
  });
  const body = new FormData();
  body.append(input.name, await shrink(file));
  for (const box of kept(input)) body.append(input.name, box.value);
  if (stopped) return;
  request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => {
    if (!lengthComputable) return;
    shown.bar.value = Math.round((loaded / total) * 100);
    shown.word.textContent = `${shown.bar.value}%`;
  });
  request.addEventListener("load", () => finish(input, file, shown, request));
  request.addEventListener("error", () => fail(input, file, shown, t("没有传上去，请检查网络。"), true));
  request.addEventListener("loadend", () => stop.remove());
  request.open("POST", `${input.form.dataset.upload}${encodeURIComponent(input.name)}`);
  request.setRequestHeader("X-CSRFToken", document.querySelector('meta[name="csrf-token"]')?.content ?? "");
  request.send(body);
}

function finish(input, file, shown, request) {
  if (request.status !== 200) {
    const isSentence = request.status === 422;
    const text = isSentence ? request.responseText : t("没有传上去（{status}），请再试一次。", { status: request.status });
    return fail(input, file, shown, text, !isSentence);
  }
  const fresh = document.createRange().createContextualFragment(request.responseText).firstElementChild;
  boxes(input).append(fresh);
  shown.made.remove();
  tell(input, t("{name}已经上传。", { name: shown.name }));
  // Leaving the page now would lose something.
  fresh.querySelector("input").dispatchEvent(new Event("input", { bubbles: true }));
  wait(input.form, -1);
}

function fail(input, file, shown, text, again) {
  shown.bar.hidden = true;
  shown.word.textContent = text;
  tell(input, `${shown.name}${t("：")}${text}`);
  shown.made.classList.add("upload-failed");
  if (again) {
    const retry = button(shown, t("重试"), () => {
      shown.buttons.replaceChildren();
      shown.made.classList.remove("upload-failed");
      send(input, file, shown);
    });
    retry.focus();
  }
  button(shown, t("移除"), () => shown.made.remove());
  wait(input.form, -1);
}

function button(shown, text, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet", textContent: text });
  made.setAttribute("aria-label", `${text}${t("：")}${shown.name}`);
  made.addEventListener("click", act);
  shown.buttons.append(made);
  return made;
}

/** Count what is on its way, and let nobody go on before it is there. */
function wait(form, change) {
  const count = (underWay.get(form.id) ?? 0) + change;
  underWay.set(form.id, count);
  const next = document.getElementById(form.id)?.querySelector(".btn-primary");
  if (next) next.disabled = count > 0;
}

/** The field as it stands in the page now: conditions may have exchanged it meanwhile. */
function field(input) {
  return (document.getElementById(input.id) ?? input).closest(".field");
}

/** To whoever listens: that it begins, that it is there, or what went wrong; not each step of the bar. */
function tell(input, text) {
  // A place that is new with its text says nothing.
  const voice = place(input).querySelector("[role=status]");
  setTimeout(() => (voice.textContent = text), 100);
}

function place(input) {
  const known = field(input).querySelector("[data-uploads]");
  if (known) return known;
  const made = document.createElement("div");
  made.setAttribute("data-uploads", "");
  const voice = Object.assign(document.createElement("p"), { className: "visually-hidden" });
  voice.setAttribute("role", "status");
  made.append(voice);
  field(input).append(made);
  return made;
}

function kept(input) {
  return field(input).querySelectorAll(".field-files input:checked");
}

function boxes(input) {
  const known = field(input).querySelector(".field-files");
  if (known) return known;
  const made = Object.assign(document.createElement("fieldset"), { className: "field-files" });
  const legend = Object.assign(document.createElement("legend"), { className: "field-hint", textContent: t("已上传（取消勾选即移除）") });
  made.append(legend);
  field(input).querySelector("input[type=file]").before(made);
  return made;
}

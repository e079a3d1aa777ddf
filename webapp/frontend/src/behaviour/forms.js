import { t } from "../i18n.js";

const changed = new WeakSet();
/** So long after a failure saving is tried again, in milliseconds. */
const RETRY_AFTER = 15_000;

/**
 * Keep a form from being sent twice by a double click, and ask before a filled form
 * (`<form data-guard>`) is left unsent.
 */
export function guardForms() {
  document.addEventListener("submit", refuseSecondSubmit);
  document.addEventListener("input", ({ target }) => target.form && changed.add(target.form));
  window.addEventListener("beforeunload", (event) => {
    const unsent = [...document.querySelectorAll("form[data-guard]:not([data-sent])")];
    if (unsent.some((form) => changed.has(form))) event.preventDefault();
  });
  followAutosave();
  // A page that comes back from the browser's memory must be usable again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
  });
}

function refuseSecondSubmit(event) {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.hasAttribute("data-sent") || isBeingSaved(form)) event.preventDefault();
  if (isBeingSaved(form)) sendOnceSaved(form, event.submitter);
  else form.setAttribute("data-sent", "");
}

function isBeingSaved(form) {
  return form.querySelector("[data-autosave].htmx-request") !== null;
}

/** What is being saved gets a new version: sent before the page knows it, it would look like that of another window. */
function sendOnceSaved(form, button) {
  const saving = form.querySelector("[data-autosave]");
  if (saving.hasAttribute("data-awaited")) return;
  saving.setAttribute("data-awaited", "");
  const send = () => {
    saving.removeAttribute("data-awaited");
    (button ?? form.querySelector(".btn-primary")).click();
  };
  saving.addEventListener("htmx:afterRequest", () => setTimeout(send), { once: true });
}

/** What was saved by itself needs no question when the page is left; what was not saved needs it again. */
function followAutosave() {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.matches("[data-autosave]") && event.target.closest("form");
    if (!form) return;
    if (form.hasAttribute("data-sent") || event.target.hasAttribute("data-awaited")) event.preventDefault();
    else changed.delete(form);
  });
  document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
    if (!target.matches("[data-autosave]") || detail.successful) return;
    changed.add(target.closest("form"));
    target.querySelector(".draft-saved")?.remove();
    const text = whyNotSaved(detail.xhr.status);
    target.append(Object.assign(document.createElement("span"), { className: "draft-saved", role: "alert", textContent: text }));
    if (isPassing(detail.xhr.status)) setTimeout(() => target.isConnected && target.dispatchEvent(new Event("retry")), RETRY_AFTER);
  });
  // The server may answer that it has kept nothing, and why.
  document.addEventListener("htmx:afterSwap", ({ target }) => {
    if (target.matches("[data-autosave]") && target.querySelector("[role=alert]")) changed.add(target.closest("form"));
  });
}

/** Whether the network or the server is away, which passes. */
function isPassing(status) {
  return status === 0 || status >= 500;
}

function whyNotSaved(status) {
  if (status === 401) return t("登录已过期。填写的内容还在本页，提交时会要求重新登录，不会丢失。");
  if (isPassing(status)) return t("草稿没有保存成功，稍后会再试。");
  return t("草稿没有保存成功。填写的内容还在本页，提交时会说明原因。");
}

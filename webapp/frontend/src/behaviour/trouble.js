import { t } from "../i18n.js";

/** When a request of htmx fails, say so where every page keeps its messages. */
export function announceTrouble() {
  document.addEventListener("htmx:responseError", ({ detail, target }) => {
    if (isAskedFor(target)) announce(sentence(detail.xhr.status));
  });
  document.addEventListener("htmx:sendError", ({ target }) => {
    if (isAskedFor(target)) announce(t("没有连上服务器。请检查网络后再试。"));
  });
}

/** What refreshes itself may fail in silence: nobody waits for it, and it asks again. */
function isAskedFor(target) {
  return !target.closest?.("[data-quiet]");
}

function sentence(status) {
  const expired = status === 400 || status === 401;
  return expired ? t("登录已过期。请刷新页面，重新登录后再试。") : t("服务器没有完成这次操作。请稍后再试。");
}

function announce(text) {
  const box = Object.assign(document.createElement("p"), { className: "notice notice-error", textContent: text });
  document.getElementById("messages")?.replaceChildren(box);
}

import "./styles/studio.scss";
import { t } from "./i18n.js";
import { say } from "./studio/layout.js";
import { Studio, Unopened } from "./studio/studio.js";

const host = document.getElementById("studio");
if (host) {
  const studio = new Studio(host);
  studio.open().catch((error) => {
    console.warn(error);
    const lost = t("流程图没有打开：文件可能损坏，或者没有连上服务器。请刷新页面重试。");
    const original = [t("下载原文件"), () => window.location.assign(host.dataset.xmlUrl)];
    const known = error instanceof Unopened;
    say(studio.parts.notice, "error", known ? error.message : lost, known ? [original] : []);
    // Nothing was opened, so nothing may be saved over what is there.
    for (const button of Object.values(studio.parts.buttons)) button.disabled = true;
    host.dataset.failed = "";
  });
}

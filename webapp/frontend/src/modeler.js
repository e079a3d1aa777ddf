import "./styles/studio.scss";
import { t } from "./i18n.js";
import { say } from "./studio/layout.js";
import { Studio } from "./studio/studio.js";

const host = document.getElementById("studio");
if (host) {
  const studio = new Studio(host);
  studio.open().catch((error) => {
    console.warn(error);
    say(studio.parts.notice, "error", t("流程图没有打开：文件可能损坏，或者没有连上服务器。请刷新页面重试。"));
    host.dataset.failed = "";
  });
}

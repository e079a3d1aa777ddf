import { t } from "../i18n.js";

/** A request that was refused: `expired` when a new login is needed, otherwise the server's sentence. */
export class Refused extends Error {
  constructor(message, { expired = false, findings = [] } = {}) {
    super(message);
    Object.assign(this, { expired, findings });
  }
}

/**
 * The three requests of the studio: save (PUT xml), check (POST xml), publish (POST note).
 *
 * After a new login in another window the page's token is stale; then it is fetched anew, once.
 */
export class Server {
  constructor({ saveUrl, checkUrl, publishUrl, csrf, seen }) {
    Object.assign(this, { saveUrl, checkUrl, publishUrl, csrf, seen });
  }

  /** Save the draft that was opened; refused when somebody else has saved another one since. */
  async save(xml) {
    const answer = await this.send(`${this.saveUrl}?seen=${this.seen}`, "PUT", xml, "application/xml");
    this.seen = answer.seen;
    return answer;
  }

  check(xml) {
    return this.send(this.checkUrl, "POST", xml, "application/xml");
  }

  publish(note) {
    return this.send(this.publishUrl, "POST", new URLSearchParams({ note }), "application/x-www-form-urlencoded");
  }

  async send(url, method, body, type, again = true) {
    const headers = { Accept: "application/json", "Content-Type": type, "X-CSRFToken": this.csrf };
    const response = await fetch(url, { method, headers, body }).catch(() => {
      throw new Refused(t("没有连上服务器。请检查网络后再试。"));
    });
    if (again && [400, 401, 403].includes(response.status) && (await this.renewToken())) {
      return this.send(url, method, body, type, false);
    }
    return answer(response);
  }

  async renewToken() {
    const response = await fetch(window.location.href).catch(() => null);
    if (!response?.ok || response.redirected) return false;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector('meta[name="csrf-token"]')?.content;
    if (!fresh || fresh === this.csrf || !page.getElementById("studio")) return false;
    this.csrf = fresh;
    return true;
  }
}

async function answer(response) {
  const json = (response.headers.get("Content-Type") ?? "").includes("json");
  if (response.status === 401 || (response.redirected && !json)) throw new Refused(t("登录已过期。"), { expired: true });
  const body = json ? await response.json() : {};
  if (response.ok && json && body.ok !== false) return body;
  const message = body.message ?? t("服务器没有接受（{status}）。请稍后再试。", { status: response.status });
  throw new Refused(message, { findings: body.findings });
}

import BpmnModeler from "bpmn-js/lib/Modeler";
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule } from "bpmn-js-properties-panel";
import { ZeebeVariableResolverModule } from "@bpmn-io/variable-resolver";
import camundaCloudBehaviors from "camunda-bpmn-js-behaviors/lib/camunda-cloud";
import { beginAt, fitDrawing, whenWidthChanges } from "../diagram/fit.js";
import { t } from "../i18n.js";
import { Refused, Server } from "./api.js";
import { arranged } from "./arrange.js";
import { Findings } from "./findings.js";
import { Keep } from "./keep.js";
import { askFile, askNote, layout, say } from "./layout.js";
import { metamodels } from "./moddle.js";
import wujiModule from "./provider.js";
import { Remainder, decoded, normalised } from "./remainder.js";
import { translateModule } from "./translate.js";

const READABLE = 0.6; // below this scale the names of the tasks cannot be read
const CHECK_AFTER = 800; // ms of rest after a change: long enough not to check every key

/** The analyst's work place: draw, check, save a draft, publish. */
export class Studio {
  constructor(host) {
    this.host = host;
    this.server = new Server(host.dataset);
    this.keep = new Keep(host.dataset.saveUrl);
    this.parts = layout(host);
    this.changed = false;
    this.modeler = createModeler(this.parts, host.dataset.locale || document.documentElement.lang);
    this.findings = new Findings(this.modeler, this.parts.findings);
  }

  async open() {
    const response = await fetch(this.host.dataset.xmlUrl, { headers: { Accept: "application/xml" } });
    if (!response.ok) throw new Error(`${this.host.dataset.xmlUrl}: ${response.status}`);
    const xml = await response.text();
    await this.draw(xml);
    this.wire();
    this.offerKept(xml);
    this.host.dataset.ready = "";
    await this.check();
  }

  async draw(xml) {
    const file = arranged(normalised(xml));
    this.remainder = null;
    await this.modeler.importXML(file).catch(explainUnopened);
    this.remainder = new Remainder(file, await this.xml());
    this.startView();
  }

  /** All of it where it can be read so, else its beginning. */
  startView() {
    if (this.fit() >= READABLE) return;
    const start = this.modeler.get("elementRegistry").find(({ type }) => type === "bpmn:StartEvent");
    if (start) beginAt(this.modeler.get("canvas"), start, { scale: READABLE, left: this.besidePalette() });
  }

  fit() {
    return fitDrawing(this.modeler.get("canvas"), { left: this.besidePalette() });
  }

  besidePalette() {
    const palette = this.parts.canvas.querySelector(".djs-palette");
    return palette && this.parts.canvas.clientWidth > 600 ? palette.offsetLeft + palette.offsetWidth : 0;
  }

  wire() {
    const { buttons } = this.parts;
    const stack = this.modeler.get("commandStack");
    const acts = {
      save: () => this.save(),
      check: () => this.check(),
      undo: () => stack.undo(),
      redo: () => stack.redo(),
      fit: () => this.fit(),
      open: () => this.openFile(),
      download: () => this.download(),
      publish: () => this.publish(),
    };
    for (const [name, act] of Object.entries(acts)) buttons[name].addEventListener("click", act);
    this.modeler.on("commandStack.changed", () => this.afterChange());
    window.addEventListener("beforeunload", (event) => this.changed && event.preventDefault());
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
      event.preventDefault();
      this.save();
    });
    whenWidthChanges(this.parts.canvas, () => {
      this.modeler.get("canvas").resized();
      this.startView();
    });
    this.showUndo();
  }

  afterChange() {
    this.changed = true;
    this.status(t("有修改，还没有保存"));
    this.showUndo();
    clearTimeout(this.checkLater);
    this.checkLater = setTimeout(async () => {
      this.keep.put(await this.xml());
      await this.check();
    }, CHECK_AFTER);
  }

  showUndo() {
    const stack = this.modeler.get("commandStack");
    this.parts.buttons.undo.disabled = !stack.canUndo();
    this.parts.buttons.redo.disabled = !stack.canRedo();
  }

  async xml() {
    const { xml } = await this.modeler.saveXML({ format: true });
    // The modeler writes carriage returns as they are, and XML would read them as spaces or leave them out.
    const written = xml.replaceAll("\r", "&#13;");
    return this.remainder ? this.remainder.restore(written) : written;
  }

  async save() {
    const xml = await this.xml();
    this.status(t("正在保存…"));
    try {
      const { message } = await this.server.save(xml);
      this.changed = (await this.xml()) !== xml;
      if (!this.changed) this.keep.drop();
      this.status(message ?? t("草稿已保存"));
      return true;
    } catch (refusal) {
      this.status(t("没有保存"));
      this.explain(refusal, this.keep.put(xml));
      return false;
    }
  }

  async check() {
    const round = (this.round = (this.round ?? 0) + 1);
    try {
      const { findings } = await this.server.check(await this.xml());
      // A slow answer about an older drawing must not hide a newer one.
      if (round === this.round) this.findings.show(findings);
    } catch (refusal) {
      if (round === this.round) this.explain(refusal, this.keep.put(await this.xml()));
    }
  }

  async publish() {
    const note = await askNote();
    if (!note || (this.changed && !(await this.save()))) return;
    this.status(t("正在发布…"));
    try {
      const { message, version } = await this.server.publish(note);
      this.status(t("已发布第 {version} 版", { version }));
      say(this.parts.notice, "success", message ?? t("已发布第 {version} 版", { version }));
    } catch (refusal) {
      this.status(t("没有发布"));
      if (refusal.findings?.length) this.findings.show(refusal.findings);
      this.explain(refusal, this.changed && this.keep.put(await this.xml()));
    }
  }

  /** Put a file in the place of the drawing; one that can't be opened changes nothing. */
  async openFile() {
    const file = await askFile(".bpmn,.xml");
    if (!file) return;
    const before = await this.xml();
    try {
      await this.draw(decoded(await file.arrayBuffer()));
      this.afterChange();
    } catch (error) {
      await this.draw(before);
      const reason = error instanceof Unopened ? error.message : t("这个文件不是能打开的流程图。");
      say(this.parts.notice, "error", reason);
    }
  }

  async download() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([await this.xml()], { type: "application/xml" }));
    link.download = `${this.modeler.getDefinitions().rootElements.find(({ $type }) => $type === "bpmn:Process")?.id ?? "process"}.bpmn`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  /** Say what went wrong, and that nothing is lost, if that is so. */
  explain(refusal, kept) {
    if (!(refusal instanceof Refused)) throw refusal;
    const safe = kept ? t("图已经存在这台电脑的浏览器里，不会丢失。") : "";
    const login = [t("重新登录"), () => window.open(this.host.dataset.loginUrl ?? "/login", "_blank", "noopener")];
    const advice = refusal.expired ? t("请在新窗口重新登录，再回到这里保存。") : "";
    say(this.parts.notice, "error", [refusal.message, safe, advice].join(""), refusal.expired ? [login] : []);
  }

  offerKept(serverXml) {
    const kept = this.keep.get();
    if (!kept || kept.xml === serverXml) return;
    const when = new Date(kept.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    say(this.parts.notice, "warning", t("这台电脑上有一份没有保存到服务器的图（{when}）。", { when }), [
      [t("接着改这一份"), () => this.restore(kept.xml)],
      [t("丢弃"), () => this.keep.drop()],
    ]);
  }

  async restore(xml) {
    await this.draw(xml);
    this.afterChange();
  }

  status(text) {
    this.parts.status.textContent = text;
  }
}

/** A drawing that the modeler can't show; the message is for people. */
export class Unopened extends Error {}

function explainUnopened(error) {
  if (/no diagram to display/.test(error.message)) {
    throw new Unopened(t("这个文件里没有图形信息（BPMNDI），也没有画得出来的流程。文件没有改动。"));
  }
  if (/unsupported bpmnElement/.test(error.message)) {
    throw new Unopened(t("这张图画的不是流程或协作，在这里打不开。文件没有改动。"));
  }
  throw error;
}

function createModeler(parts, locale) {
  return new BpmnModeler({
    container: parts.canvas,
    propertiesPanel: { parent: parts.panel },
    moddleExtensions: metamodels,
    additionalModules: [
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      ZeebeVariableResolverModule,
      camundaCloudBehaviors,
      wujiModule,
      translateModule(locale),
    ],
  });
}

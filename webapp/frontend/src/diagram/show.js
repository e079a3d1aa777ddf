import "../styles/viewer.scss";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { t } from "../i18n.js";
import { controls } from "./controls.js";
import { centre, fitDrawing, whenWidthChanges } from "./fit.js";
import { describe, legend, mark } from "./marks.js";
import { inPageLanguage } from "./names.js";
import { panByTouch } from "./touch.js";

// Below this the names of the tasks cannot be read; then we show the part where the case is.
const READABLE = 0.6;
const AIR = 48;

/**
 * Draw the process into the room that `<div data-diagram data-src data-marks data-label>` has kept for it.
 *
 * Sets `data-ready` when the picture stands, `data-failed` when a sentence stands in its place.
 */
export async function showDiagram(host) {
  const marks = JSON.parse(host.dataset.marks || "{}");
  const canvasHost = host.querySelector(".diagram-canvas");
  const bar = host.querySelector(".diagram-bar");
  try {
    const viewer = new NavigatedViewer({ container: canvasHost, zoomScroll: { enabled: false } });
    await viewer.importXML(inPageLanguage(await load(host.dataset.src)));
    mark(viewer, marks);
    const first = [marks.active, marks.failed, marks.chosen].flatMap((ids) => ids ?? [])[0];
    startView(viewer, first);
    makeReachable(host, viewer, marks);
    panByTouch(canvasHost, viewer.get("canvas"));
    bar.append(legend(marks), controls(viewer, () => fitDrawing(viewer.get("canvas"))));
    fitOnPaper(canvasHost, viewer.get("canvas"));
    whenWidthChanges(host, () => {
      viewer.get("canvas").resized();
      startView(viewer, first);
    });
    host.dataset.ready = "";
  } catch (error) {
    console.warn(error);
    fail(host, canvasHost, bar);
  }
}

async function load(url) {
  const response = await fetch(url, { headers: { Accept: "application/xml" } });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.text();
}

/** As high as the drawing needs. On the screen the height is given, so that nothing jumps when it is drawn. */
function giveHeight(canvasHost, canvas) {
  const { inner } = canvas.viewbox();
  const wanted = (canvasHost.clientWidth / (inner.width + AIR)) * (inner.height + AIR);
  canvasHost.style.height = `${Math.round(Math.min(wanted, window.innerHeight * 0.7))}px`;
  canvas.resized();
}

function startView(viewer, first) {
  const canvas = viewer.get("canvas");
  if (!canvas.getSize().width) return; // out of sight: there is no scale for it until it gets a width
  if (fitDrawing(canvas) >= READABLE) return;
  const element = first && viewer.get("elementRegistry").get(first);
  if (element?.width) centre(canvas, element, 0.9);
}

function makeReachable(host, viewer, marks) {
  const svg = host.querySelector(".djs-container > svg");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", describe(viewer, marks, host.dataset.label || t("流程图")));
  // The wheel belongs to the page until somebody works in the picture.
  const zoomScroll = viewer.get("zoomScroll");
  viewer.get("eventBus").on("canvas.focus.changed", ({ focused }) => zoomScroll.toggle(focused));
}

/** Paper shows the whole drawing, whatever part was on the screen. */
function fitOnPaper(canvasHost, canvas) {
  let before;
  window.addEventListener("beforeprint", () => {
    before = canvas.viewbox();
    canvasHost.classList.add("on-paper");
    giveHeight(canvasHost, canvas);
    fitDrawing(canvas, { air: 8 });
  });
  window.addEventListener("afterprint", () => {
    canvasHost.classList.remove("on-paper");
    canvasHost.style.height = "";
    canvas.resized();
    canvas.viewbox({ x: before.x, y: before.y, width: before.width, height: before.height });
  });
}

function fail(host, ...rooms) {
  for (const room of rooms) room.remove();
  const sentence = document.createElement("p");
  sentence.className = "notice notice-warning";
  sentence.textContent = t("流程图没有加载出来。请刷新页面重试；办理到哪一步，请看页面上的文字。");
  host.append(sentence);
  host.dataset.failed = "";
}

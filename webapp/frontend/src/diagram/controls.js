import { t } from "../i18n.js";

/** The row of buttons above a picture: bigger, smaller, all of it. */
export function controls(viewer, showAll) {
  const canvas = viewer.get("canvas");
  const row = document.createElement("div");
  row.className = "diagram-controls no-print";
  row.append(
    button(t("放大"), () => canvas.zoom(Math.min(canvas.zoom() * 1.25, 4), "auto")),
    button(t("缩小"), () => canvas.zoom(Math.max(canvas.zoom() / 1.25, 0.2), "auto")),
    button(t("看全图"), showAll),
  );
  return row;
}

function button(label, act) {
  const node = document.createElement("button");
  node.type = "button";
  node.className = "btn btn-quiet";
  node.textContent = label;
  node.addEventListener("click", act);
  return node;
}

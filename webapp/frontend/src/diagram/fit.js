/**
 * The whole drawing in the middle of the canvas, never bigger than drawn.
 *
 * `air` is the free room around it in pixels; `left` keeps more of it free for a palette. Returns the scale.
 */
export function fitDrawing(canvas, { air = 24, left = 0 } = {}) {
  const { inner, outer } = canvas.viewbox();
  const room = outer.width - left;
  const scale = Math.min(1, (room - 2 * air) / inner.width, (outer.height - 2 * air) / inner.height);
  const width = outer.width / scale;
  const height = outer.height / scale;
  const x = inner.x + inner.width / 2 - (left + room / 2) / scale;
  const y = inner.y + inner.height / 2 - height / 2;
  canvas.viewbox({ x, y, width, height });
  return scale;
}

/** The drawing at a readable scale, with the element near the left edge: where reading begins. */
export function beginAt(canvas, element, { scale, left }) {
  const { outer } = canvas.viewbox();
  const height = outer.height / scale;
  canvas.viewbox({ x: element.x - (left + 120) / scale, y: element.y + element.height / 2 - height / 2, width: outer.width / scale, height });
}

/** One element in the middle of the canvas. */
export function centre(canvas, element, scale) {
  const { outer } = canvas.viewbox();
  const width = outer.width / scale;
  const height = outer.height / scale;
  canvas.viewbox({ x: element.x + element.width / 2 - width / 2, y: element.y + element.height / 2 - height / 2, width, height });
}

/** Call `act` when the width of the node has changed: a phone was turned, a window was drawn larger. */
export function whenWidthChanges(node, act) {
  let width = node.clientWidth;
  new ResizeObserver(() => {
    if (node.clientWidth === width) return;
    width = node.clientWidth;
    act();
  }).observe(node);
}

/**
 * Fingers on a picture: one finger sideways moves it, two fingers move and zoom it.
 *
 * diagram-js answers to the mouse only. One finger up and down stays with the page (`touch-action: pan-y`),
 * or nobody could scroll past the picture.
 */
export function panByTouch(host, canvas) {
  const fingers = new Map();

  host.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  host.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const before = grip(fingers);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    follow(host, canvas, before, grip(fingers), fingers.size);
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
    host.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
}

/** The middle of the fingers and the distance between them. */
function grip(fingers) {
  const points = [...fingers.values()];
  const middle = (axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const span = points.length < 2 ? 0 : Math.hypot(points[0].x - points[1].x, points[0].y - points[1].y);
  return { x: middle("x"), y: middle("y"), span };
}

function follow(host, canvas, before, after, count) {
  canvas.scroll({ dx: after.x - before.x, dy: count > 1 ? after.y - before.y : 0 });
  if (count < 2 || !before.span || !after.span) return;
  const box = host.getBoundingClientRect();
  const zoom = Math.min(Math.max(canvas.zoom() * (after.span / before.span), 0.2), 4);
  canvas.zoom(zoom, { x: after.x - box.left, y: after.y - box.top });
}

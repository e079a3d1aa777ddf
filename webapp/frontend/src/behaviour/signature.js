/**
 * Let people sign with a finger, a pen or the mouse: a canvas before the file input of every `[data-signature]`. What
 * is drawn becomes the input's file, so the server sees an upload like any other.
 */
export function offerSigning(part = document) {
  for (const box of part.querySelectorAll("[data-signature]:not([data-ready])")) prepare(box);
}

function prepare(box) {
  box.setAttribute("data-ready", "");
  const input = box.querySelector("input[type=file]");
  const canvas = Object.assign(document.createElement("canvas"), { className: "signature-pad" });
  const hint = Object.assign(document.createElement("p"), { className: "field-hint", textContent: box.dataset.hint });
  const strokes = [];
  canvas.setAttribute("aria-hidden", "true"); // whoever can't see it types the name or chooses a picture
  canvas.addEventListener("pointerdown", (event) => begin(event, canvas, strokes));
  canvas.addEventListener("pointermove", (event) => proceed(event, canvas, strokes));
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => keep(canvas, strokes, input));
  const undo = button(box.dataset.undo, () => strokes.pop());
  const clear = button(box.dataset.clear, () => strokes.splice(0));
  for (const each of [undo, clear]) each.addEventListener("click", () => keep(canvas, strokes, input));
  const buttons = document.createElement("p");
  buttons.append(undo, clear);
  box.prepend(hint, canvas, buttons);
}

function button(text, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet", textContent: text });
  made.addEventListener("click", act);
  return made;
}

function place({ clientX, clientY }, canvas) {
  const { left, top } = canvas.getBoundingClientRect();
  return [clientX - left, clientY - top];
}

function begin(event, canvas, strokes) {
  event.preventDefault();
  canvas.setPointerCapture(event.pointerId);
  strokes.push([place(event, canvas)]);
  draw(canvas, strokes);
}

function proceed(event, canvas, strokes) {
  if (!canvas.hasPointerCapture(event.pointerId)) return;
  strokes.at(-1).push(place(event, canvas));
  draw(canvas, strokes);
}

function draw(canvas, strokes) {
  const scale = Math.max(window.devicePixelRatio, 2);
  const { width, height } = canvas.getBoundingClientRect();
  Object.assign(canvas, { width: width * scale, height: height * scale });
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  Object.assign(pen, { lineWidth: 2.5, lineCap: "round", lineJoin: "round", strokeStyle: "#1b2433" });
  for (const [first, ...rest] of strokes) {
    pen.beginPath();
    pen.moveTo(...first);
    for (const point of rest.length ? rest : [first]) pen.lineTo(...point);
    pen.stroke();
  }
}

/** Hand the picture over to the file input; without a stroke there is none. */
function keep(canvas, strokes, input) {
  draw(canvas, strokes);
  const files = new DataTransfer();
  const handOver = () => {
    input.files = files.files;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  if (!strokes.length) return handOver();
  canvas.toBlob((picture) => {
    files.items.add(new File([picture], "签名.png", { type: "image/png" }));
    handOver();
  });
}

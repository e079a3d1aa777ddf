const sent = new WeakMap();
/** Buttons of rows whose answer is under way, and their forms. */
const pressed = new Map();
let composing = false;
let pressing = false;

/**
 * While the server works conditions out, people go on typing. An answer that is out of date by then is not shown but
 * asked for again, and none is shown while an input method composes: it would take the characters away. Nor is one
 * while the mouse or a finger is down: it would take away the button that is being pressed.
 */
export function protectTyping() {
  document.addEventListener("compositionstart", () => (composing = true));
  document.addEventListener("compositionend", () => (composing = false));
  document.addEventListener("pointerdown", () => (pressing = true));
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => (pressing = false));
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { target } = event;
    if (target instanceof HTMLFormElement) sent.set(target, contents(target));
    if (!(target instanceof HTMLButtonElement) || !target.form) return;
    // One after the other: of two at once the later answer would undo the earlier, and rows are counted anew by then.
    if ([...pressed.values()].includes(target.form)) event.preventDefault();
    else pressed.set(target, target.form);
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => pressed.delete(detail.requestConfig?.elt));
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const form = detail.requestConfig?.elt;
    if (!sent.has(form)) return;
    // The answer to the button tells all that this one does.
    if ([...pressed.values()].includes(form)) return void (detail.shouldSwap = false);
    if (!composing && !pressing && sent.get(form) === contents(form)) return;
    detail.shouldSwap = false;
    if (pressing) return askAgainOnceReleased(form);
    // What is being composed is not a value yet; leaving the field will ask again.
    if (!composing) form.dispatchEvent(new Event("change"));
  });
}

function askAgainOnceReleased(form) {
  // The click comes after the release, and asks first.
  const ask = () => setTimeout(() => form.matches(":not([data-sent])") && form.dispatchEvent(new Event("change")));
  document.addEventListener("pointerup", ask, { once: true });
}

function contents(form) {
  return JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value.name ?? value]));
}

const sent = new WeakMap();
let composing = false;

/**
 * While the server works conditions out, people go on typing. An answer that is out of date by then is not shown but
 * asked for again, and none is shown while an input method composes: it would take the characters away.
 */
export function protectTyping() {
  document.addEventListener("compositionstart", () => (composing = true));
  document.addEventListener("compositionend", () => (composing = false));
  document.addEventListener("htmx:beforeRequest", ({ target }) => {
    if (target instanceof HTMLFormElement) sent.set(target, contents(target));
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const form = detail.requestConfig?.elt;
    if (!sent.has(form) || (!composing && sent.get(form) === contents(form))) return;
    detail.shouldSwap = false;
    // What is being composed is not a value yet; leaving the field will ask again.
    if (!composing) form.dispatchEvent(new Event("change"));
  });
}

function contents(form) {
  return JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value.name ?? value]));
}

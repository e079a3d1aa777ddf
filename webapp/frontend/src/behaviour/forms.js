const changed = new WeakSet();

/**
 * Keep a form from being sent twice by a double click, and ask before a filled form
 * (`<form data-guard>`) is left unsent.
 */
export function guardForms() {
  document.addEventListener("submit", refuseSecondSubmit);
  document.addEventListener("input", ({ target }) => target.form && changed.add(target.form));
  window.addEventListener("beforeunload", (event) => {
    const unsent = [...document.querySelectorAll("form[data-guard]:not([data-sent])")];
    if (unsent.some((form) => changed.has(form))) event.preventDefault();
  });
  // A page that comes back from the browser's memory must be usable again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
  });
}

function refuseSecondSubmit(event) {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.hasAttribute("data-sent")) event.preventDefault();
  else form.setAttribute("data-sent", "");
}

/**
 * Put the focus on the error summary, so that a screen reader reads it and the keyboard starts there. After a part of
 * the page was exchanged, only a summary inside that part counts: somebody is at work in the rest.
 */
export function focusErrorSummary(part = document) {
  part.querySelector(".error-summary")?.focus();
}

/** A link of the summary leads into the field, with its label in sight. */
export function followSummaryLinks(event) {
  const link = event.target.closest?.('.error-summary a[href^="#"]');
  const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  (field.closest(".field, .field-group") ?? field).scrollIntoView({ block: "start" });
  const control = field.matches("input, select, textarea, button") ? field : field.querySelector('input:not([type="hidden"]), select, textarea');
  (control ?? field).focus({ preventScroll: true });
}

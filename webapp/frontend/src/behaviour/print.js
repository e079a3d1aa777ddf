/** Buttons that print the page (`<button data-print hidden>`) appear where a script can do it. */
export function offerPrinting() {
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

/** Rows of a spreadsheet pasted into a cell of a list go into the list, from that cell on; the server sorts them out. */
export function pasteRows() {
  document.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const cell = event.target;
    const several = cell.tagName === "TEXTAREA" ? /\t/ : /\t|\n./;
    const place = cell.closest?.(".field-row")?.closest(".field-list")?.querySelector(":scope > [data-paste]");
    if (!place || !several.test(text.replace(/[\r\n]+$/, ""))) return;
    event.preventDefault();
    place.querySelector("textarea").value = text;
    place.querySelector("input").value = cell.name;
    place.querySelector("button").click();
  });
}

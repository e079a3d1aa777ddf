const NEWS_EVERY = 60_000; // ms
const AT_WORK = 15 * 60_000; // ms; a desk that nobody sits at asks for nothing, so that its session may end
const TYPING = "input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]";
let lastTouched = Date.now();

/** The list of tasks by single keys (unless they are switched off), selecting all rows, and word of new tasks. */
export function workOnTasks() {
  const list = document.querySelector(".task-list");
  if (!list) return;
  document.addEventListener("click", selectAll);
  if (list.hasAttribute("data-shortcuts")) document.addEventListener("keydown", (event) => press(list, event));
  lookForNews();
}

function press(list, event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.target.closest?.(TYPING)) return;
  const act = { j: () => step(list, 1), k: () => step(list, -1), x: () => select(list), c: () => claim(list), "/": search, "?": help };
  if (!act[event.key]) return;
  event.preventDefault();
  act[event.key]();
}

function step(list, by) {
  const links = [...list.querySelectorAll(".row-link")];
  const next = links.indexOf(row(list)?.querySelector(".row-link")) + by;
  links[Math.min(Math.max(next, 0), links.length - 1)]?.focus();
}

function row(list) {
  const here = document.activeElement?.closest("tr");
  return list.contains(here) ? here : null;
}

function select(list) {
  row(list)?.querySelector("input[name=task]")?.click();
}

function claim(list) {
  const button = document.querySelector('#bulk button[value="claim"]');
  const task = row(list)?.dataset.task;
  if (!button || !task) return;
  button.formAction = `${list.dataset.claim}/${task}/claim`;
  button.click();
}

function search() {
  document.getElementById("filter-q")?.focus();
}

function help() {
  const help = document.getElementById("shortcut-help");
  help.closest("details").open = true;
  help.focus();
}

function selectAll(event) {
  const link = event.target.closest?.("[data-select-all]");
  if (!link) return;
  event.preventDefault();
  const boxes = [...document.querySelectorAll(".task-list input[name=task]")];
  const all = boxes.every((box) => box.checked);
  for (const box of boxes) box.checked = !all;
}

function lookForNews() {
  for (const sign of ["pointerdown", "keydown", "scroll"]) {
    document.addEventListener(sign, () => (lastTouched = Date.now()), { passive: true });
  }
  setInterval(() => {
    const place = document.querySelector("[data-news]");
    const atWork = document.visibilityState === "visible" && Date.now() - lastTouched < AT_WORK;
    if (place && atWork) place.dispatchEvent(new Event("look"));
  }, NEWS_EVERY);
}

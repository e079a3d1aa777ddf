/** On a phone the row of tabs is wider than the screen: the one that is open is in sight, as newer browsers see to alone. */
export function showOpenTab() {
  if (CSS.supports("scroll-initial-target: nearest")) return;
  for (const open of document.querySelectorAll(".tabs [aria-current]")) {
    const row = open.closest(".tabs");
    row.scrollLeft = open.offsetLeft - row.offsetLeft - (row.clientWidth - open.offsetWidth) / 2;
  }
}

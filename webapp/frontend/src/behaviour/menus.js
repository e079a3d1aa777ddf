/** Open menus (`<details>` of the header) close on Escape and on a click elsewhere, as people expect of menus. */
export function closeMenus() {
  const open = () => document.querySelectorAll("details.menu[open], details.nav-toggle[open]");
  document.addEventListener("click", ({ target }) => {
    for (const menu of open()) if (!menu.contains(target)) menu.open = false;
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

const EVERY_MS = 60_000;
// A page that nobody has touched for so long asks no more: it must neither keep a session alive nor cost anything.
const IDLE_MS = 15 * 60_000;

/** The number at the bell follows what happens elsewhere, as long as somebody is at the page. */
export function followBell() {
  let touched = Date.now();
  let asked = Date.now();
  const ask = () => {
    const now = Date.now();
    if (document.hidden || now - touched > IDLE_MS || now - asked < EVERY_MS) return;
    asked = now;
    document.getElementById("bell")?.dispatchEvent(new Event("refresh"));
  };
  for (const kind of ["pointerdown", "keydown", "scroll"]) {
    document.addEventListener(kind, () => (touched = Date.now()), { passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) touched = Date.now();
    ask();
  });
  setInterval(ask, EVERY_MS / 4);
}

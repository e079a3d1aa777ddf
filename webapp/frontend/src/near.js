// So long a page has been read at a desk before pictures are drawn that nobody has scrolled to.
const REST = 1500;
// A telephone waits until somebody scrolls there: drawing takes seconds of its processor, while a form is being filled in.
const AT_DESK = window.matchMedia("(min-width: 48rem)");

/** Do something for an element, once: when it comes near the screen, when the page rests at a desk, or before it is printed. */
export function whenNear(element, act) {
  element.dataset.awaited = "";
  const once = () => {
    watch.disconnect();
    window.removeEventListener("beforeprint", once);
    if ("started" in element.dataset) return;
    element.dataset.started = "";
    act(element);
  };
  const watch = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && once(), { rootMargin: "400px" });
  watch.observe(element);
  window.addEventListener("beforeprint", once);
  if (AT_DESK.matches) setTimeout(() => ("requestIdleCallback" in window ? requestIdleCallback(once) : once()), REST);
}

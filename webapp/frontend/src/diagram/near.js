// So long a page has been read before drawings are made that nobody has scrolled to: the form comes first, on a phone.
const REST = 1500;

/** Do something for an element, once: when it comes near the screen, when the page rests, or before it is printed. */
export function whenNear(element, act) {
  element.dataset.awaited = "";
  const once = () => {
    watch.disconnect();
    window.removeEventListener("beforeprint", once);
    if ("started" in element.dataset) return;
    act(element);
  };
  const watch = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && once(), { rootMargin: "200px" });
  watch.observe(element);
  window.addEventListener("beforeprint", once);
  setTimeout(() => ("requestIdleCallback" in window ? requestIdleCallback(once) : once()), REST);
}

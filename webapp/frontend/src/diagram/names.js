const ENGLISH = "nameEn";
// A word of Chinese may break anywhere, an English one must not: what stands beside an element gets so much room.
const LABEL_WIDTH = 90;

/** On an English page, the drawing with the English names that its elements carry; else the drawing as it is. */
export function inPageLanguage(xml) {
  if (!document.documentElement.lang.startsWith("en")) return xml;
  const drawing = new DOMParser().parseFromString(xml, "application/xml");
  for (const property of drawing.getElementsByTagNameNS("*", "property")) {
    if (property.getAttribute("name") !== ENGLISH) continue;
    const element = ownerOf(property);
    if (element) for (const each of [element, ...poolsOf(element)]) call(each, property.getAttribute("value"));
  }
  return new XMLSerializer().serializeToString(drawing);
}

/** The element whose extension the property is: property < properties < extensionElements < element. */
function ownerOf(property) {
  return property.closest("extensionElements")?.parentElement ?? property.parentNode?.parentNode?.parentNode;
}

/** The pools in which a process is drawn: what is written on them is its name. */
function poolsOf(element) {
  const pools = [...element.ownerDocument.getElementsByTagNameNS("*", "participant")];
  return element.localName === "process" ? pools.filter((pool) => pool.getAttribute("processRef") === element.id) : [];
}

/** Remarks on the drawing say in a child what everything else says in its name. */
function call(element, english) {
  const [text] = element.localName === "textAnnotation" ? element.getElementsByTagNameNS("*", "text") : [];
  if (text) text.textContent = english;
  else element.setAttribute("name", english);
  const shape = element.ownerDocument.querySelector(`[bpmnElement="${CSS.escape(element.id)}"]`);
  const [label] = shape?.getElementsByTagNameNS("*", "BPMNLabel") ?? [];
  if (label?.firstElementChild) widen(label.firstElementChild);
}

/** Bounds to both sides alike. */
function widen(bounds) {
  const more = Math.max(0, LABEL_WIDTH - Number(bounds.getAttribute("width")));
  bounds.setAttribute("x", Number(bounds.getAttribute("x")) - more / 2);
  bounds.setAttribute("width", Number(bounds.getAttribute("width")) + more);
}

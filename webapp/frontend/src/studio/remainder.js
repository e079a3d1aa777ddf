/**
 * What a file holds and the modeler does not: vendors' attributes in odd places, references to other files, shapes of
 * things that are not drawn. It is found once, when the file is opened, and put back whenever the drawing is saved.
 */

const XSI = "http://www.w3.org/2001/XMLSchema-instance";
const XMLNS = "http://www.w3.org/2000/xmlns/";
const BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI";

/** The text as XML means it: the modeler's parser leaves line breaks in attributes, which XML reads as spaces. */
export function normalised(xml) {
  const parsed = parse(xml);
  return parsed ? serialised(parsed) : xml;
}

/** The text of a file in the encoding that its first line names; UTF-8 where it names none that is known. */
export function decoded(bytes) {
  const head = new TextDecoder("latin1").decode(bytes.slice(0, 200));
  const named = head.match(/^[^>]*encoding=["']([\w.-]+)["']/)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(named).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

export class Remainder {
  /** What is in `before` and, right after opening it, not in `after`. */
  constructor(before, after) {
    this.attributes = [];
    this.elements = [];
    const [old, kept] = [parse(before), parse(after)];
    this.known = new Set([...(old?.querySelectorAll("[id]") ?? [])].map(({ id }) => id));
    if (old && kept) this.compare(old.documentElement, kept.documentElement);
  }

  get isEmpty() {
    return this.attributes.length + this.elements.length === 0;
  }

  compare(old, kept) {
    for (const attribute of old.attributes) {
      const said = attribute.namespaceURI === XMLNS || kept.hasAttributeNS(attribute.namespaceURI, attribute.localName);
      if (!said) this.attributes.push({ attribute, at: address(old) });
    }
    const twins = byKey(kept);
    for (const [key, child] of byKey(old)) {
      if (twins.has(key)) this.compare(child, twins.get(key));
      else this.elements.push({ element: child, at: address(old) });
    }
  }

  /** Whether a shape's element has not been deleted; everything else belongs to the place that it is put back to. */
  stillMeans(element, ids) {
    const drawn = element.namespaceURI === BPMNDI && element.getAttribute("bpmnElement")?.split(":").pop();
    return !drawn || ids.has(drawn) || !this.known.has(drawn);
  }

  /** Put back into a saved drawing what still has its place there. */
  restore(xml) {
    const saved = this.isEmpty ? null : parse(xml);
    if (!saved) return xml;
    const ids = new Map([...saved.querySelectorAll("[id]")].map((element) => [element.id, element]));
    for (const { attribute, at } of this.attributes) {
      const place = find(saved, ids, at);
      if (place && !place.hasAttributeNS(attribute.namespaceURI, attribute.localName)) setAttribute(place, attribute);
    }
    for (const { element, at } of this.elements) {
      const place = find(saved, ids, at);
      if (place && !byKey(place).has(keyOf(element)) && this.stillMeans(element, ids)) insert(saved, place, element);
    }
    return serialised(saved);
  }
}

export function parse(xml) {
  const parsed = new DOMParser().parseFromString(xml, "application/xml");
  return parsed.querySelector("parsererror") ? null : parsed;
}

export function serialised(document) {
  const text = new XMLSerializer().serializeToString(document);
  return text.startsWith("<?xml") ? text : `<?xml version="1.0" encoding="UTF-8"?>\n${text}`;
}

/** The children by what tells them apart: tag and id, else tag and text, and a number where that is not enough. */
function byKey(element) {
  const found = new Map();
  const counts = new Map();
  for (const child of element.children) {
    const key = keyOf(child);
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    found.set(count ? `${key} ${count}` : key, child);
  }
  return found;
}

function keyOf(element) {
  const text = element.children.length ? "" : element.textContent.trim().replace(/\s+/g, " ");
  // There is one plane in a picture, whatever it says that it shows.
  const isPlane = element.localName === "BPMNPlane";
  const name = isPlane ? "" : element.getAttribute("id") || element.getAttribute("bpmnElement") || text;
  return `${element.namespaceURI} ${element.localName} ${name}`;
}

/** How to find an element again: the id of the nearest one around it that has one, and the keys from there. */
function address(element) {
  const keys = [];
  let at = element;
  while (at.parentElement && !at.getAttribute("id")) {
    const parent = at.parentElement;
    keys.unshift([...byKey(parent)].find(([, child]) => child === at)[0]);
    at = parent;
  }
  return { id: at.parentElement ? at.getAttribute("id") : null, keys };
}

function find(document, ids, { id, keys }) {
  const start = id === null ? document.documentElement : ids.get(id);
  return keys.reduce((at, key) => at && byKey(at).get(key), start);
}

function setAttribute(place, attribute) {
  let { value } = attribute;
  if (attribute.namespaceURI === XSI && attribute.localName === "type") {
    const [prefix, name] = value.includes(":") ? value.split(":") : [null, value];
    const own = place.lookupPrefix(attribute.ownerElement.lookupNamespaceURI(prefix));
    value = own ? `${own}:${name}` : name;
  }
  place.setAttributeNS(attribute.namespaceURI, attribute.name, value);
}

function insert(document, place, element) {
  const present = byKey(place);
  let before = element.previousElementSibling;
  while (before && !present.has(keyOf(before))) before = before.previousElementSibling;
  const copy = document.importNode(element, true);
  if (before) present.get(keyOf(before)).after("\n", copy);
  else place.prepend("\n", copy);
}

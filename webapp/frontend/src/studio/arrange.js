import { parse, serialised } from "./remainder.js";

/**
 * A picture for a file that has none: pools one below the other, steps in columns from left to right, what belongs to
 * a sub-process inside it. Plain, so that somebody can begin to move things.
 */

const BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL";
const BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI";
const DC = "http://www.omg.org/spec/DD/20100524/DC";
const DI = "http://www.omg.org/spec/DD/20100524/DI";

const GAP = 60; // between columns and rows
const INSET = 40; // around what is inside a pool or a sub-process
const HEAD = 30; // the name of a pool
const SIZES = [
  [/Event$/, 36, 36],
  [/Gateway$/, 50, 50],
  [/^dataObjectReference$/, 36, 50],
  [/^dataStoreReference$/, 50, 50],
  [/([tT]ask|callActivity|textAnnotation|subProcess|transaction|adHocSubProcess)$/, 100, 80],
];
const CONTAINERS = ["subProcess", "transaction", "adHocSubProcess"];

/** The file with a picture of its processes; as it was when it has one, or holds nothing that could be drawn. */
export function arranged(xml) {
  const file = parse(xml);
  if (!file || file.getElementsByTagNameNS(BPMNDI, "BPMNDiagram").length) return xml;
  const picture = new Picture(file);
  return picture.isEmpty ? xml : serialised(picture.draw());
}

class Picture {
  constructor(file) {
    this.file = file;
    this.boxes = new Map();
    this.processes = children(file.documentElement, "process");
    [this.collaboration] = children(file.documentElement, "collaboration");
    this.pools = this.collaboration ? children(this.collaboration, "participant") : [];
    if (this.pools.length) this.placePools();
    else if (this.processes.length) this.place(this.processes[0], 160, 80);
  }

  get isEmpty() {
    return this.boxes.size === 0;
  }

  placePools() {
    let y = 80;
    for (const pool of this.pools) {
      const process = this.processes.find(({ id }) => id === local(pool.getAttribute("processRef")));
      const inner = process ? this.place(process, 160 + HEAD + INSET, y + INSET) : { width: 600, height: 0 };
      const [width, height] = [inner.width + HEAD + 2 * INSET, Math.max(inner.height + 2 * INSET, 80)];
      this.boxes.set(pool.id, { element: pool, x: 160, y, width, height, isHorizontal: "true" });
      y += height + GAP;
    }
  }

  /** Put what is directly inside an element from (x, y) on; gives the room that it takes. */
  place(scope, x, y) {
    const inside = [...scope.children].filter((child) => child.namespaceURI === BPMN && child.id && sizeOf(child));
    const attached = inside.filter(({ localName }) => localName === "boundaryEvent");
    const columns = ranked(inside.filter((child) => !attached.includes(child)), children(scope, "sequenceFlow"));
    let [left, height] = [x, 0];
    for (const column of columns) {
      let [top, width] = [y, 0];
      for (const element of column) {
        const box = this.placeOne(element, left, top);
        top += box.height + GAP;
        width = Math.max(width, box.width);
      }
      height = Math.max(height, top - GAP - y);
      left += width + GAP;
    }
    for (const event of attached) this.attach(event, attached);
    return { width: Math.max(left - GAP - x, 0), height };
  }

  placeOne(element, x, y) {
    const isContainer = CONTAINERS.includes(element.localName);
    const inner = isContainer ? this.place(element, x + INSET, y + INSET) : { width: 0, height: 0 };
    const [width, height] = inner.width ? [inner.width + 2 * INSET, inner.height + 2 * INSET] : sizeOf(element);
    const box = { element, x, y, width, height, ...(isContainer && { isExpanded: "true" }) };
    this.boxes.set(element.id, box);
    return box;
  }

  attach(event, beside) {
    const host = this.boxes.get(local(event.getAttribute("attachedToRef")));
    if (!host) return;
    const before = beside.filter((each) => each.getAttribute("attachedToRef") === event.getAttribute("attachedToRef"));
    const x = host.x + 10 + 45 * before.indexOf(event);
    this.boxes.set(event.id, { element: event, x, y: host.y + host.height - 18, width: 36, height: 36 });
  }

  draw() {
    const root = this.file.documentElement;
    const plane = this.add(this.add(root, BPMNDI, "bpmndi:BPMNDiagram"), BPMNDI, "bpmndi:BPMNPlane");
    plane.setAttribute("bpmnElement", (this.pools.length ? this.collaboration : this.processes[0]).id);
    const boxes = [...this.boxes.values()].sort((one, other) => depth(one.element) - depth(other.element));
    for (const { element, x, y, width, height, ...more } of boxes) {
      const shape = this.add(plane, BPMNDI, "bpmndi:BPMNShape", { bpmnElement: element.id, ...more });
      this.add(shape, DC, "dc:Bounds", { x, y, width, height });
    }
    for (const line of root.querySelectorAll("sequenceFlow, messageFlow, association")) this.drawLine(plane, line);
    return this.file;
  }

  drawLine(plane, line) {
    const [from, to] = ["sourceRef", "targetRef"].map((end) => this.boxes.get(local(line.getAttribute(end))));
    if (!line.id || !from || !to) return;
    const edge = this.add(plane, BPMNDI, "bpmndi:BPMNEdge", { bpmnElement: line.id });
    this.add(edge, DI, "di:waypoint", { x: from.x + from.width, y: from.y + from.height / 2 });
    this.add(edge, DI, "di:waypoint", { x: to.x, y: to.y + to.height / 2 });
  }

  add(parent, namespace, name, attributes = {}) {
    const element = parent.appendChild(this.file.createElementNS(namespace, name));
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }
}

/** The elements in columns: those that no flow reaches first, each other one after the first that leads to it. */
function ranked(elements, flows) {
  const targets = (id) => flows.filter((flow) => local(flow.getAttribute("sourceRef")) === id).map((flow) => local(flow.getAttribute("targetRef")));
  const reached = new Set(flows.map((flow) => local(flow.getAttribute("targetRef"))));
  const columns = [];
  const left = new Map(elements.map((element) => [element.id, element]));
  while (left.size) {
    const fresh = [...left.values()].filter(({ id }) => !reached.has(id));
    let column = fresh.length ? fresh : [left.values().next().value];
    for (let rank = 0; column.length; rank += 1) {
      for (const { id } of column) left.delete(id);
      (columns[rank] ??= []).push(...column);
      const next = new Set(column.flatMap(({ id }) => targets(id)));
      column = [...next].filter((id) => left.has(id)).map((id) => left.get(id));
    }
  }
  return columns;
}

function children(element, name) {
  return [...element.children].filter((child) => child.namespaceURI === BPMN && child.localName === name);
}

function sizeOf({ localName }) {
  const [, width, height] = SIZES.find(([pattern]) => pattern.test(localName)) ?? [];
  return width && [width, height];
}

function depth(element) {
  return element.parentElement ? 1 + depth(element.parentElement) : 0;
}

function local(reference) {
  return (reference ?? "").split(":").pop();
}

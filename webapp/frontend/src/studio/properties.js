import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";

/** What carries the extension properties of an element: itself; for a pool, and for a drawing with one pool, its process. */
export function carrier(element) {
  const object = getBusinessObject(element);
  if (is(element, "bpmn:Participant")) return object.get("processRef");
  const pools = is(element, "bpmn:Collaboration") ? object.get("participants").filter((pool) => pool.get("processRef")) : [];
  return pools.length === 1 ? pools[0].get("processRef") : object;
}

/** The value of the extension property (`zeebe:property`), "" where it is missing. */
export function readProperty(element, name) {
  return properties(carrier(element)).find((property) => property.get("name") === name)?.get("value") ?? "";
}

/** Set, change or (with an empty value) remove the extension property, as one step that can be undone. */
export function writeProperty(modeler, element, name, value) {
  const target = carrier(element);
  const build = (type, attributes, parent) => Object.assign(modeler.get("bpmnFactory").create(type, attributes), { $parent: parent });
  const steps = [];
  const update = (moddleElement, changes) =>
    steps.push({ cmd: "element.updateModdleProperties", context: { element, moddleElement, properties: changes } });

  let extensions = target.get("extensionElements");
  if (!extensions) {
    extensions = build("bpmn:ExtensionElements", { values: [] }, target);
    update(target, { extensionElements: extensions });
  }
  let container = holder(extensions);
  if (!container) {
    container = build("zeebe:Properties", { properties: [] }, extensions);
    update(extensions, { values: [...extensions.get("values"), container] });
  }
  const others = container.get("properties").filter((property) => property.get("name") !== name);
  const mine = value ? [build("zeebe:Property", { name, value }, container)] : [];
  update(container, { properties: [...others, ...mine] });
  modeler.get("commandStack").execute("properties-panel.multi-command-executor", steps);
}

function properties(target) {
  const extensions = target?.get("extensionElements");
  return (extensions && holder(extensions)?.get("properties")) || [];
}

function holder(extensions) {
  return extensions.get("values").find((value) => is(value, "zeebe:Properties"));
}

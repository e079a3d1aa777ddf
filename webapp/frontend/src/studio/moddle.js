import bpmn from "bpmn-moddle/resources/bpmn/json/bpmn.json";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";

// The modeler writes these under the name of their type, which is another element than the one that was read.
const WRITTEN_BY_NAME = ["messagePath", "dataPath", "CorrelationPropertyBinding", "ComplexBehaviorDefinition"];
const WRITTEN_BY_TYPE = ["ResourceParameterBinding", "ResourceAssignmentExpression"];

/** The metamodels of the drawing: BPMN, mended so that every element is written as the one that was read, and Zeebe. */
export const metamodels = { bpmn: { ...bpmn, types: bpmn.types.map(mended) }, zeebe };

function mended(type) {
  return { ...type, properties: type.properties?.map((property) => ({ ...property, xml: written(type, property) })) };
}

function written(type, property) {
  const byName = WRITTEN_BY_NAME.includes(property.name) || (WRITTEN_BY_NAME.includes(type.name) && !property.isAttr);
  if (byName && !property.isReference) return { serialize: "property" };
  return WRITTEN_BY_TYPE.includes(type.name) && property.name === "expression" ? undefined : property.xml;
}

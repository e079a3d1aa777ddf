const ENGLISH = "nameEn";

/** On an English page, the drawing with the English names that its elements carry; else the drawing as it is. */
export function inPageLanguage(xml) {
  if (!document.documentElement.lang.startsWith("en")) return xml;
  const drawing = new DOMParser().parseFromString(xml, "application/xml");
  for (const property of drawing.getElementsByTagNameNS("*", "property")) {
    if (property.getAttribute("name") !== ENGLISH) continue;
    ownerOf(property)?.setAttribute("name", property.getAttribute("value"));
  }
  return new XMLSerializer().serializeToString(drawing);
}

/** The element whose extension the property is: property < properties < extensionElements < element. */
function ownerOf(property) {
  return property.closest("extensionElements")?.parentElement ?? property.parentNode?.parentNode?.parentNode;
}

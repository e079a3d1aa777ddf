import bpmnJs from "bpmn-js-i18n-zh/lib/bpmn-js";
import panel from "bpmn-js-i18n-zh/lib/properties-panel";
import zeebePanel from "bpmn-js-i18n-zh/lib/zeebe-properties-panel";
import own from "./words.js";

const missed = new Set();

/** The translate module of bpmn-js in the given language; texts without a translation gather in `window.wujiUntranslated`. */
export function translateModule(locale) {
  window.wujiUntranslated = [];
  window.wujiTranslate = locale.startsWith("zh") ? chinese : fill;
  return { translate: ["value", window.wujiTranslate] };
}

// The panel asks for "User Task" and "(Non Interrupting)" where the dictionary has "User task" and "(non-interrupting)".
const plain = (text) => text.toLowerCase().replaceAll("-", " ");
const dictionary = new Map(
  Object.entries({ ...bpmnJs, ...panel, ...zeebePanel }).concat(Object.entries(own)).map(([key, text]) => [plain(key), text]),
);

function chinese(template, values) {
  const text = dictionary.get(plain(template));
  if (text === undefined && /[a-z]{2}/i.test(template) && !missed.has(template)) {
    missed.add(template);
    window.wujiUntranslated.push(template);
  }
  return fill(text ?? template, values);
}

function fill(template, values = {}) {
  return template.replace(/\{([^}]+)\}/g, (whole, name) => values[name] ?? whole);
}

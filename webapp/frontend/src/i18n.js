import english from "./english.js";

const words = document.documentElement.lang.startsWith("en") ? english : {};

/**
 * The text in the page's language; the Chinese text is the key.
 *
 * `t("已发布第 {version} 版", { version: 2 })` fills the placeholders.
 */
export function t(text, values = {}) {
  return (words[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

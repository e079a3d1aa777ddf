import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

// Lists of the properties panel forget to hand on the translation and fall back to English: the fallback asks ours.
const translatedFallback = {
  name: "translated-fallback",
  transform(code, id) {
    if (!id.endsWith("properties-panel/dist/index.esm.js") || id.includes("bpmn-js-properties-panel")) return null;
    const head = "function translateFallback(template, replacements) {";
    if (!code.includes(head)) throw new Error("@bpmn-io/properties-panel has changed: translateFallback is gone");
    return { code: code.replace(head, `${head}\n  if (window.wujiTranslate) return window.wujiTranslate(template, replacements);`), map: null };
  },
};

// The server hands out what lies beside a file: packing takes seconds at this strength, once, and no reader waits for it.
const packed = {
  name: "packed",
  writeBundle({ dir }) {
    for (const file of readdirSync(`${dir}/assets`).filter((name) => /\.(css|js|svg|ttf|eot)$/.test(name))) {
      const content = readFileSync(`${dir}/assets/${file}`);
      writeFileSync(`${dir}/assets/${file}.br`, brotliCompressSync(content));
      writeFileSync(`${dir}/assets/${file}.gz`, gzipSync(content, { level: 9 }));
    }
  },
};

// Names depend on content alone, so that two builds of one commit are the same and browsers may cache for ever.
export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [translatedFallback, packed],
  build: {
    outDir: here("../static/dist"),
    emptyOutDir: true,
    manifest: true,
    license: true,
    // The browsers on office desks are often Chromium forks some years behind.
    target: ["chrome87", "edge88", "firefox78", "safari14"],
    modulePreload: { polyfill: false },
    // A strict content policy allows no data: addresses, so nothing is inlined.
    assetsInlineLimit: 0,
    // The studio carries a modeler and a FEEL editor; analysts load it once.
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      // htmx carries an eval that allowEval=false switches off; the content policy forbids it as well.
      checks: { eval: false },
      input: { app: here("src/app.js"), charts: here("src/charts.js"), viewer: here("src/viewer.js"), modeler: here("src/modeler.js") },
    },
  },
  css: {
    preprocessorOptions: {
      scss: {
        // Bootstrap 5.3 is still written with @import and global functions.
        silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
        quietDeps: true,
      },
    },
  },
});

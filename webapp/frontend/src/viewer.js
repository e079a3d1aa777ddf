import { whenNear } from "./near.js";

// What draws is heavy: a telephone that nobody scrolls down on never loads it.
const draw = async (host) => (await import("./diagram/show.js")).showDiagram(host);
const showAll = () => document.querySelectorAll("[data-diagram]:not([data-awaited])").forEach((host) => whenNear(host, draw));

document.addEventListener("htmx:afterSwap", showAll);
showAll();

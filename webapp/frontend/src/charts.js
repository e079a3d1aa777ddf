import { whenNear } from "./near.js";

const draw = async (host) => (await import("./charts/bars.js")).drawBars(host);

for (const host of document.querySelectorAll("[data-chart]")) whenNear(host, draw);

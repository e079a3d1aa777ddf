import "./styles/viewer.scss";
import { showDiagram } from "./diagram/show.js";
import { whenNear } from "./diagram/near.js";

const showAll = () => document.querySelectorAll("[data-diagram]:not([data-awaited])").forEach((host) => whenNear(host, showDiagram));

document.addEventListener("htmx:afterSwap", showAll);
showAll();

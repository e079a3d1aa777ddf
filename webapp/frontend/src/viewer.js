import "./styles/viewer.scss";
import { showDiagram } from "./diagram/show.js";

const showAll = () => document.querySelectorAll("[data-diagram]:not([data-started])").forEach(showDiagram);

document.addEventListener("htmx:afterSwap", showAll);
showAll();

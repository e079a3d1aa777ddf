import "./styles/app.scss";
import htmx from "htmx.org/dist/htmx.esm.js";
import { protectTyping } from "./behaviour/conditions.js";
import { focusErrorSummary, followSummaryLinks } from "./behaviour/errors.js";
import { followBell } from "./behaviour/bell.js";
import { closeMenus } from "./behaviour/menus.js";
import { guardForms } from "./behaviour/forms.js";
import { offerPrinting } from "./behaviour/print.js";
import { showOpenTab } from "./behaviour/tabs.js";
import { workOnTasks } from "./behaviour/tasks.js";
import { offerSigning } from "./behaviour/signature.js";
import { pasteRows } from "./behaviour/paste.js";
import { shrinkPhotos } from "./behaviour/photos.js";
import { uploadAhead } from "./behaviour/uploads.js";
import { announceTrouble } from "./behaviour/trouble.js";

Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0,
  // 422 carries a form with its errors, so it is shown; other failures are announced instead.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});

document.addEventListener("htmx:configRequest", ({ detail }) => {
  detail.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
});

document.addEventListener("htmx:afterSwap", ({ target }) => focusErrorSummary(target));
document.addEventListener("htmx:load", ({ detail }) => offerSigning(detail.elt));
document.addEventListener("click", followSummaryLinks);
closeMenus();
followBell();
guardForms();
offerPrinting();
announceTrouble();
protectTyping();
workOnTasks();
showOpenTab();
offerSigning();
pasteRows();
shrinkPhotos();
uploadAhead();
focusErrorSummary();

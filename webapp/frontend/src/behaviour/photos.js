import { t } from "../i18n.js";

const LONGEST_SIDE = 1600;
const QUALITY = 0.85;
/** Smaller files travel as they are. */
const SMALL_BYTES = 400 * 1024;

/**
 * Make photos smaller before they are sent: a telephone's picture of many megabytes becomes a JPEG of at most 1600 px
 * a side, upright as it was taken. What is no picture, or can't be read here, is sent as it is; the server checks all.
 */
export function shrinkPhotos() {
  document.addEventListener("change", ({ target }) => {
    if (target.type === "file" && target.multiple) shrinkAll(target);
  });
}

async function shrinkAll(input) {
  const button = input.form?.querySelector("button.btn-primary");
  const word = wordBeside(input);
  word.textContent = t("正在缩小照片，请稍等。");
  if (button) button.disabled = true;
  try {
    const made = await Promise.all([...input.files].map(shrink));
    const all = new DataTransfer();
    for (const file of made) all.items.add(file);
    input.files = all.files;
    const bytes = made.reduce((sum, { size }) => sum + size, 0);
    word.textContent = bytes ? t("已选好 {n} 个文件，共 {size} MB。", { n: made.length, size: (bytes / 1048576).toFixed(1) }) : "";
  } finally {
    if (button) button.disabled = false;
  }
}

/** The place where what happens is said, also to a screen reader. */
function wordBeside(input) {
  const known = input.parentElement.querySelector("[data-photo-word]");
  if (known) return known;
  const word = Object.assign(document.createElement("p"), { className: "field-hint" });
  word.setAttribute("data-photo-word", "");
  word.setAttribute("role", "status");
  input.after(word);
  return word;
}

/** A photo made small; anything else as it is. */
export async function shrink(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size <= SMALL_BYTES) return file;
  try {
    // The orientation that the camera wrote down is applied: the canvas keeps no such notes, nor where it was taken.
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement("canvas"), {
      width: Math.round(picture.width * scale),
      height: Math.round(picture.height * scale),
    });
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], `${file.name.replace(/\.[^.]*$/, "")}.jpg`, { type: "image/jpeg" });
  } catch {
    return file;
  }
}

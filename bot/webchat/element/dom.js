/** Builds nodes without markup: no text is ever read as HTML. */

const SVG = "http://www.w3.org/2000/svg";

/** One element; names with a dash, and `role`, `for` and `class`, become attributes, the rest properties. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (/-|^(role|for|class)$/.test(name)) node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

/** A line drawing of 24 by 24, hidden from screen readers: its button has the words. */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

export const ICONS = {
  chat: "M4 5h16v11H9l-5 4z",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4 12h15M13 6l6 6-6 6",
  pin: "M12 21s-7-6.2-7-11.5a7 7 0 0114 0C19 14.8 12 21 12 21zM12 12a2.5 2.5 0 100-5 2.5 2.5 0 000 5z",
  photo: "M4 7h4l1.5-2h5L16 7h4v12H4zM12 16.5a3.5 3.5 0 100-7 3.5 3.5 0 000 7z",
  down: "M12 5v14M6 13l6 6 6-6",
  anew: "M5 12a7 7 0 107-7H7M10 2L7 5l3 3",
};

const LINK = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]']/g;

/** Text with its paragraphs and line breaks, and web addresses as links. */
export function prose(text) {
  return el("div", { class: "prose" }, ...text.split(/\n{2,}/).map(paragraph));
}

function paragraph(text) {
  const node = el("p", { dir: "auto" });
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    node.append(text.slice(from, found.index), outside(found[0], found[0]));
    from = found.index + found[0].length;
  }
  node.append(text.slice(from));
  return node;
}

/** A link that opens beside the conversation, or nothing when the address is not a web address. */
export function outside(address, label, base) {
  let url;
  try {
    url = new URL(address, base || location.href);
  } catch {
    return null;
  }
  if (!/^https?:$/.test(url.protocol)) return null;
  return el("a", { href: url.href, target: "_blank", rel: "noopener", textContent: label });
}

/** A picture drawn on a canvas: works where the site's policy allows no foreign images. */
export async function thumbnail(file, label) {
  const canvas = el("canvas", { class: "photo", role: "img", "aria-label": label });
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, 480 / Math.max(bitmap.width, bitmap.height));
    canvas.width = Math.max(1, bitmap.width * scale);
    canvas.height = Math.max(1, bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
  } catch {
    return null;
  }
  return canvas;
}

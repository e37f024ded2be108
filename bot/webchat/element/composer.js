/** Where the citizen writes: text, a photo to go with it, and how many characters are left. */

import { ICONS, el, icon, thumbnail } from "./dom.js";

const NEAR_LIMIT = 200;
const TYPES = ["image/jpeg", "image/png", "image/webp", "image/gif"];

export class Composer {
  #t;
  #limits;
  #send;
  #file = null;
  #picture = null;

  /** `send({text, file, picture})` resolves to false when nothing was sent and everything should stay. */
  constructor({ strings, limits, send }) {
    this.#t = strings;
    this.#limits = limits;
    this.#send = send;
    this.text = el("textarea", { id: "text", rows: 1, placeholder: strings("placeholder"), dir: "auto" });
    this.text.setAttribute("aria-describedby", "note");
    this.text.enterKeyHint = "send";
    this.picker = el("input", { type: "file", accept: TYPES.join(), hidden: true });
    this.note = el("p", { id: "note", class: "note", role: "status" });
    this.preview = el("div", { class: "preview", hidden: true });
    this.button = el("button", { type: "submit", class: "send" }, icon(ICONS.send));
    this.button.ariaLabel = strings("send");
    this.node = el(
      "form",
      { class: "composer" },
      this.preview,
      this.note,
      el(
        "div",
        { class: "line" },
        el("label", { class: "vh", for: "text", textContent: strings("label") }),
        this.text,
        this.button,
      ),
      this.picker,
    );
    this.text.addEventListener("input", () => this.#typed());
    this.text.addEventListener("keydown", (event) => {
      // During the composition of a character (Japanese, ...) Enter means something else.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.picker.addEventListener("change", () => this.#picked(this.picker.files[0]));
  }

  focus() {
    this.text.focus();
  }

  pick() {
    this.picker.value = "";
    this.picker.click();
  }

  /** A sentence above the text box, read out; empty takes it away. */
  tell(words, error = false) {
    this.note.textContent = words;
    this.note.classList.toggle("error", error);
  }

  /** 0 to 1 while a photo is on its way; null when none is. */
  progress(part) {
    this.button.disabled = part !== null;
    const bar = this.preview.querySelector("progress");
    if (bar) {
      bar.hidden = part === null;
      bar.value = part ?? 0;
    }
  }

  clear() {
    this.text.value = "";
    this.#drop();
    this.#typed();
  }

  async #submit() {
    const text = this.text.value.trim();
    if (this.button.disabled || (!text && !this.#file)) return;
    if (text.length > this.#limits.characters) return;
    if ((await this.#send({ text, file: this.#file, picture: this.#picture })) !== false) this.clear();
  }

  #typed() {
    const left = this.#limits.characters - this.text.value.trim().length;
    if (left < 0) this.tell(this.#t("too-long", { count: -left }), true);
    else this.tell(left < NEAR_LIMIT ? this.#t("characters-left", { count: left }) : "");
    this.text.setAttribute("aria-invalid", left < 0);
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight + 2, 160)}px`;
  }

  async #picked(file) {
    if (!file) return;
    if (!TYPES.includes(file.type)) return this.tell(this.#t("photo-type"), true);
    if (file.size > this.#limits.megabytes * 1024 * 1024)
      return this.tell(this.#t("photo-size", { megabytes: this.#limits.megabytes }), true);
    const picture = await thumbnail(file, this.#t("photo-preview"));
    if (!picture) return this.tell(this.#t("photo-type"), true);
    this.#file = file;
    this.#picture = picture;
    this.tell("");
    const remove = el("button", { type: "button", class: "icon", onclick: () => this.#drop(true) });
    remove.ariaLabel = this.#t("photo-remove");
    remove.append(icon(ICONS.close));
    const bar = el("progress", { max: 1, value: 0, hidden: true, "aria-label": this.#t("uploading") });
    const words = el("span", { textContent: this.#t("photo-ready") });
    this.preview.replaceChildren(picture, el("div", {}, words, bar), remove);
    this.preview.hidden = false;
    this.button.focus();
  }

  #drop(focus) {
    this.#file = null;
    this.preview.hidden = true;
    this.preview.replaceChildren();
    if (focus) this.focus();
  }
}

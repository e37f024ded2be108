/** The conversation as it is seen: messages, choices, sources, and what became of the citizen's own words. */

import { ICONS, el, icon, outside, prose } from "./dom.js";

const NEAR = 80;

export class Log {
  #t;
  #server;
  #actions;
  #seen = new Set();
  #own = new Map();
  #day = "";
  #quiet = true;
  #following = true;

  /** `actions`: what pressing things means: choose, retry, location, photo. */
  constructor({ strings, server, language, actions }) {
    this.#t = strings;
    this.#server = server;
    // Dates as the reader writes them: British or American, where the words are English.
    this.language = navigator.languages.find((one) => one.split("-")[0] === language) || language;
    this.#actions = actions;
    this.list = el("div", { class: "messages" });
    this.typing = el("div", { class: "typing", hidden: true }, el("i"), el("i"), el("i"));
    this.typing.append(el("span", { class: "vh", textContent: strings("typing") }));
    this.welcome = el("div", { class: "welcome" }, el("slot", { name: "welcome" }));
    this.node = el("div", { class: "log", role: "log", tabIndex: 0 });
    this.node.setAttribute("aria-live", "off");
    this.node.setAttribute("aria-label", strings("log"));
    this.node.append(this.welcome, this.list, this.typing);
    this.jump = el(
      "button",
      { class: "jump", type: "button", hidden: true, onclick: () => this.toEnd() },
      icon(ICONS.down),
      el("span", { textContent: strings("new-messages") }),
    );
    this.node.addEventListener("scroll", () => {
      this.#following = this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < NEAR;
      if (this.#following) this.jump.hidden = true;
    });
    // A keyboard that opens, a photo above the text box: who was at the end stays there.
    new ResizeObserver(() => this.#following && this.toEnd()).observe(this.node);
  }

  /** From here on, what is added is read out. */
  live() {
    this.#quiet = false;
    // A frame later, so that the history itself is not read out.
    requestAnimationFrame(() => this.node.setAttribute("aria-live", "polite"));
  }

  /** The citizen's own message, at once; its state is told below it. */
  say(message, { label, picture } = {}) {
    if (this.#own.has(message.message_id)) return;
    this.#retire();
    const bubble = el("div", { class: "bubble" });
    const text = message.text || label;
    if (picture) {
      picture.ariaLabel = this.#t("photo-sent");
      bubble.append(picture);
    }
    if (text) bubble.append(prose(text));
    if (message.location) bubble.append(el("p", {}, icon(ICONS.pin), this.#t("location-sent")));
    if (message.attachment && !picture) bubble.append(el("p", {}, icon(ICONS.photo), this.#t("photo-sent")));
    const state = el("div", { class: "state", "aria-live": "polite" });
    const node = el("div", { class: "message citizen" }, this.#author("you"), bubble, state);
    this.#own.set(message.message_id, { node, state });
    this.#add(node, message.at, true);
  }

  /** sending, waiting (no connection), sent, or failed with a button to try again. */
  state(id, name, problem) {
    const own = this.#own.get(id);
    if (!own) return;
    own.node.dataset.state = name;
    const words = name === "sent" ? [] : [el("span", { textContent: problem || this.#t(name) })];
    if (name === "failed") {
      const again = () => this.#actions.retry(id);
      words.push(el("button", { type: "button", class: "link", textContent: this.#t("retry"), onclick: again }));
    }
    own.state.replaceChildren(...words);
  }

  /** A message of the town's, once, however often it arrives. */
  receive(reply) {
    if (reply.seq) {
      if (this.#seen.has(reply.seq)) return;
      this.#seen.add(reply.seq);
    }
    // What was deleted is not left standing on the screen.
    if (reply.status === "erased") this.list.replaceChildren();
    const official = reply.from === "official";
    const node = el("div", { class: official ? "message official" : "message bot" });
    node.append(this.#author(official ? "official" : "assistant"));
    const [text, numbers] = numbered(reply.text || "", reply.choices || []);
    if (text) node.append(prose(text));
    for (const citation of reply.citations || []) node.append(this.#source(citation));
    const buttons = this.#buttons(reply, numbers);
    if (buttons) node.append(buttons);
    this.#add(node, reply.at, false);
  }

  toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
    this.jump.hidden = true;
    this.#following = true;
  }

  #author(who) {
    return el("span", { class: who === "official" ? "author" : "vh", textContent: this.#t(who) });
  }

  #add(node, at, mine) {
    this.welcome.hidden = true;
    const stay = !mine && !this.#quiet && !this.#following;
    const when = at ? new Date(at) : new Date();
    const day = when.toDateString();
    if (day !== this.#day) {
      if (this.#day || day !== new Date().toDateString()) {
        const words = when.toLocaleDateString(this.language, { weekday: "long", day: "numeric", month: "long" });
        this.list.append(el("div", { class: "day", textContent: words }));
      }
      this.#day = day;
    }
    this.list.append(node);
    if (stay) this.jump.hidden = false;
    // The start of a long answer is what one wants to read first.
    else if (!mine && !this.#quiet && node.offsetHeight > this.node.clientHeight * 0.9)
      this.node.scrollTop = node.offsetTop - 16;
    else this.toEnd();
  }

  #source({ title, url, quote, page, section, date }) {
    const place = [
      section,
      page && this.#t("page", { page }),
      date && this.#t("date", { date: this.#date(date) }),
    ].filter(Boolean);
    const name = outside(url, title, this.#server) || el("span", { textContent: title });
    return el(
      "figure",
      { class: "source" },
      quote ? el("blockquote", { textContent: quote, dir: "auto" }) : null,
      el(
        "figcaption",
        {},
        el("span", { class: "vh", textContent: this.#t("source") }),
        name,
        place.length ? el("span", { class: "place", textContent: place.join(" · ") }) : null,
      ),
    );
  }

  #date(text) {
    const date = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(text) : NaN;
    return isNaN(date) ? text : date.toLocaleDateString(this.language, { dateStyle: "long" });
  }

  #buttons({ choices = [], request, widget }, numbers) {
    const form = widget && this.#form(widget, choices, numbers);
    const others = choices.filter((choice) => !form || !widget.stands_for.includes(choice.label));
    const made = others.map((choice) => {
      const button = this.#button(choice.label, null, (event) => this.#actions.choose(choice, event));
      const number = numbers.get(choice.label);
      if (number) button.prepend(el("span", { class: "number", textContent: number }), " ");
      return button;
    });
    if (request === "location")
      made.unshift(this.#button(this.#t("share-location"), ICONS.pin, this.#actions.location));
    // Among several things to do, the photo is the one that may be left out.
    if (request === "photo")
      made.splice(made.length > 2 ? made.length : 0, 0, this.#button(this.#t("add-photo"), ICONS.photo, this.#actions.photo));
    if (!made.length && !form) return null;
    return el("div", { class: "choices", role: "group", "aria-label": this.#t("choices") }, form, ...made);
  }

  /** A long list, several answers, a long scale: set first, then sent. Typing the answer does the same. */
  #form({ kind, options, chosen, start, end, step }, choices, numbers) {
    const send = el("button", { type: "submit", textContent: this.#t("send") });
    const form = el("form", {});
    if (kind === "scale") {
      const middle = start + Math.round((end - start) / step / 2) * step;
      const slider = el("input", { type: "range", min: start, max: end, step, value: middle });
      slider.ariaLabel = this.#t("choices");
      const show = () => (send.textContent = `${this.#t("send")}: ${slider.value}`);
      slider.oninput = show;
      show();
      form.append(el("span", { textContent: start }), slider, el("span", { textContent: end }));
      form.className = "scale";
    } else {
      const type = kind === "one" ? "radio" : "checkbox";
      for (const value of options) {
        const input = el("input", { type, name: "answer", value, checked: chosen.includes(value) });
        const number = numbers.get(value);
        form.append(el("label", { dir: "auto" }, input, number ? `${number} ` : "", value));
      }
      // Nothing is set, nothing is sent.
      form.onchange = () => (send.disabled = !form.querySelector(":checked"));
      form.onchange();
    }
    form.append(send);
    form.onsubmit = (event) => {
      event.preventDefault();
      if (form.closest(".used")) return;
      const set = [...form.querySelectorAll("input")].filter((one) => one.checked || kind === "scale");
      const choice = kind === "one" && choices.find(({ label }) => label === set[0].value);
      if (choice) this.#actions.choose(choice, event);
      else this.#actions.say(set.map((one) => one.value).join("; "));
    };
    return form;
  }

  #button(label, sign, act) {
    const button = el("button", { type: "button", dir: "auto" }, sign && icon(sign), label);
    // A second press finds its set used: see `#retire`.
    button.onclick = (event) => button.closest(".used") || act(event);
    return button;
  }

  /** Choices stand until the citizen says something; what they said then stands in their own words. */
  #retire() {
    for (const set of this.list.querySelectorAll(".choices:not(.used)")) {
      const focused = set.contains(this.node.getRootNode().activeElement);
      set.classList.add("used");
      for (const button of set.children) button.disabled = true;
      set.hidden = true;
      if (focused) this.node.focus({ preventScroll: true });
    }
  }
}

/** Options that the text counts and the buttons repeat are shown once: as buttons with their numbers. */
function numbered(text, choices) {
  const labels = new Set(choices.map((choice) => choice.label));
  const numbers = new Map();
  const lines = text.split("\n").filter((line) => {
    const [, number, label] = line.match(/^(\d+)\. (.+)$/) || [];
    return !labels.has(label) || !numbers.set(label, number);
  });
  return [lines.join("\n"), numbers];
}

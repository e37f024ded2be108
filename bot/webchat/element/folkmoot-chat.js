/**
 * <folkmoot-chat>: the town's chat on any page.
 *
 *   <script src="https://host/chat/folkmoot-chat.js" type="module"></script>
 *   <folkmoot-chat></folkmoot-chat>
 *
 * Attributes: server (where the script came from, if left out), lang, dir, heading, mode="page", theme="light",
 * survey (begun when the chat is open).
 */

import { Composer } from "./composer.js";
import { Connection, upload } from "./connection.js";
import { ICONS, el, icon } from "./dom.js";
import { Log } from "./log.js";

const HOME = new URL("..", import.meta.url).href.replace(/\/$/, "");
const OFFLINE_SHOWN_AFTER = 1500;

class FolkmootChat extends HTMLElement {
  #root;
  #strings = {};
  #limits = {};
  #connection;
  #log;
  #composer;
  #waiting = new Map();
  #banner;
  #bannerTimer = 0;
  #unread = 0;
  #ending = false;

  async connectedCallback() {
    if (this.#root) return this.#connection?.start();
    this.server = (this.getAttribute("server") || HOME).replace(/\/$/, "");
    // What the citizen speaks: surveys may know it where the chat itself has no words in it.
    const page = document.documentElement;
    this.language = this.getAttribute("speaks") || this.lang || page.lang || navigator.language;
    // Until the words are here, the page's own content of the element is shown.
    for (let wait = 1000; ; wait = Math.min(wait * 2, 30_000)) {
      try {
        await this.#load();
        break;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
    this.#build();
    this.#connect();
  }

  disconnectedCallback() {
    this.#connection?.stop();
  }

  /** Says something in the citizen's name, as an example question on the page does. */
  say(text) {
    this.open();
    this.#send({ text });
  }

  open() {
    if (this.#panel.hidden) this.#toggle(true);
  }

  close() {
    if (!this.#page && !this.#panel.hidden) this.#toggle(false);
  }

  // ---- setting up

  get #page() {
    return this.getAttribute("mode") === "page";
  }

  async #load() {
    const [words, style] = await Promise.all([
      fetch(`${this.server}/chat/strings?lang=${encodeURIComponent(this.language)}`),
      fetch(`${this.server}/chat/folkmoot-chat.css`),
    ]);
    if (!words.ok || !style.ok) throw new Error("not ready");
    const { language, direction, strings, limits } = await words.json();
    this.#strings = strings;
    this.#limits = limits;
    if (!this.hasAttribute("dir")) this.dir = direction;
    if (!this.hasAttribute("lang")) this.lang = language;
    this.#root = this.attachShadow({ mode: "open", delegatesFocus: false });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(await style.text());
    this.#root.adoptedStyleSheets = [sheet];
  }

  #t = (key, args = {}) => {
    let words = this.#strings[key] ?? key;
    for (const [name, value] of Object.entries(args)) words = words.replaceAll(`{${name}}`, value);
    return words;
  };

  #build() {
    const t = this.#t;
    const actions = {
      choose: (choice, event) => this.#choose(choice, event),
      say: (text) => this.#send({ text }),
      retry: (id) => this.#retry(id),
      location: () => this.#locate(),
      photo: () => this.#composer.pick(),
    };
    this.#log = new Log({ strings: t, server: this.server, language: this.lang, actions });
    this.#composer = new Composer({ strings: t, limits: this.#limits, send: (what) => this.#compose(what) });
    this.#banner = el("p", { class: "banner", role: "status", hidden: true });
    const heading = this.getAttribute("heading") || t("heading");
    // A page that is the chat has a heading of its own.
    const title = el("h2", { id: "heading", textContent: heading, class: this.#page ? "vh" : "" });
    const header = el("header", {}, title);
    this.anew = el("button", { type: "button", class: "link", onclick: () => this.#end() });
    this.anew.hidden = true;
    this.anew.textContent = t("end");
    header.append(this.anew);
    this.#panel = el("section", { class: "panel", id: "panel", "aria-labelledby": "heading" });
    if (!this.#page) {
      this.#panel.setAttribute("role", "dialog");
      this.#panel.hidden = true;
      const shut = el("button", { type: "button", class: "icon", onclick: () => this.close() });
      shut.ariaLabel = t("close");
      shut.append(icon(ICONS.close));
      header.append(shut);
      this.#launcher = el("button", { type: "button", class: "launcher", onclick: () => this.open() });
      this.#launcher.append(icon(ICONS.chat), el("span", { textContent: t("open") }));
      this.#launcher.setAttribute("aria-expanded", "false");
      this.#launcher.setAttribute("aria-controls", "panel");
      this.#root.append(this.#launcher);
    }
    const middle = el("div", { class: "middle" }, this.#log.node, this.#log.jump);
    this.#panel.append(header, this.#banner, middle, this.#composer.node);
    this.#root.append(this.#panel);
    this.#root.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    this.#log.welcome.firstChild.append(el("p", { textContent: t("welcome") }));
    this.addEventListener("click", (event) => {
      const example = event.target.closest?.("[data-say]");
      if (example) this.say(example.dataset.say);
    });
    this.dataset.ready = "";
  }

  #panel;
  #launcher;

  #toggle(open) {
    this.#panel.hidden = !open;
    this.#launcher.hidden = open;
    this.#launcher.setAttribute("aria-expanded", open);
    if (open) {
      this.#connection.start();
      this.#survey();
      this.#count(0);
      this.#log.toEnd();
      this.#composer.focus();
    } else {
      this.#launcher.focus();
    }
  }

  /** Begins the survey that a link or a site leads to: once a visit, not with every page of it. */
  #survey() {
    const survey = this.getAttribute("survey");
    if (!survey || this.#panel.hidden || this.dataset.loaded === undefined || this.#begun === survey) return;
    this.#begun = survey;
    const key = `${this.#key}:survey`;
    try {
      const opened = performance.getEntriesByType("navigation")[0]?.type;
      if (sessionStorage.getItem(key) === survey && !(this.#page && opened === "navigate")) return;
      sessionStorage.setItem(key, survey);
    } catch {
      // Storage may be forbidden: then it is begun with every page.
    }
    this.#send({ survey }, { label: this.#t("survey") });
  }

  #begun;

  // ---- the conversation

  get #key() {
    return `folkmoot:${this.server}`;
  }

  #connect() {
    let session = null;
    try {
      session = localStorage.getItem(this.#key);
    } catch {
      // Storage may be forbidden: the conversation then lives as long as the page.
    }
    const connection = new Connection(this.server, this.language, session);
    this.#connection = connection;
    const on = (type, act) => connection.addEventListener(type, ({ detail }) => act(detail));
    on("session", ({ session }) => {
      try {
        localStorage.setItem(this.#key, session);
      } catch {
        // As above.
      }
    });
    on("messages", ({ messages }) => {
      for (const message of messages) this.#receive(message);
      this.#log.live();
      this.dataset.loaded = "";
      this.#survey();
    });
    on("accepted", ({ message_id }) => this.#log.state(message_id, "sent"));
    on("turn", (turn) => this.#answered(turn));
    on("problem", (turn) => this.#failed(turn));
    on("status", ({ status }) => this.#showStatus(status));
    // Nobody is connected who has not said anything yet and has not opened the chat.
    if (this.#page || session) connection.start();
  }

  #send(message, shown = {}) {
    message.message_id ??= randomId();
    this.#waiting.set(message.message_id, message);
    this.#log.say(message, shown);
    this.#log.state(message.message_id, this.#connection.status === "offline" ? "waiting" : "sending");
    this.#connection.send(message);
    this.anew.hidden = false;
    this.#think();
  }

  #receive(message) {
    this.anew.hidden = false;
    if (message.from === "citizen") {
      const label = message.survey ? this.#t("survey") : message.label;
      this.#log.say({ ...message, message_id: message.message_id }, { label });
      return;
    }
    this.#log.receive(message);
    if (this.#panel.hidden && this.dataset.loaded !== undefined) this.#count(this.#unread + 1);
  }

  #answered({ message_id, replies = [] }) {
    this.#waiting.delete(message_id);
    this.#log.state(message_id, "sent");
    this.#think();
    for (const reply of replies) this.#receive(reply);
  }

  #failed({ message_id, problem }) {
    this.#log.state(message_id, "failed", problem?.detail);
    this.#think(message_id);
  }

  #retry(id) {
    const message = this.#waiting.get(id);
    if (!message) return;
    this.#log.state(id, this.#connection.status === "offline" ? "waiting" : "sending");
    this.#connection.send(message);
    this.#think();
  }

  /** Shows that an answer is on its way while one is. */
  #think(except) {
    const busy = [...this.#waiting.keys()].some((id) => id !== except);
    const shown = busy && this.#connection.status === "online";
    if (this.#log.typing.hidden === !shown) return;
    this.#log.typing.hidden = !shown;
    if (shown) this.#log.toEnd();
  }

  #choose(choice, event) {
    this.#send({ choice: choice.token }, { label: choice.label });
    // By keyboard one goes on writing; on a phone the keyboard would jump up.
    if (event?.detail === 0) this.#composer.focus();
  }

  async #compose({ text, file, picture }) {
    if (!file) return this.#send({ text });
    this.#composer.progress(0);
    try {
      const sent = await upload(this.server, this.#connection.session ?? "", file, (part) =>
        this.#composer.progress(part),
      );
      const message = { attachment: sent.attachment };
      if (text) message.text = text;
      this.#connection.session ??= sent.session;
      this.#send(message, { picture });
    } catch (problem) {
      this.#composer.tell(problem.detail || this.#t("upload-failed"), true);
      return false;
    } finally {
      this.#composer.progress(null);
    }
  }

  #locate() {
    const failed = () => {
      this.#composer.tell(this.#t("location-failed"), true);
      this.#composer.focus();
    };
    if (!navigator.geolocation) failed();
    else {
      this.#composer.tell(this.#t("locating"));
      const found = ({ coords: { latitude: lat, longitude: long } }) => {
        this.#composer.tell("");
        this.#send({ location: { lat, long } });
      };
      navigator.geolocation.getCurrentPosition(found, failed, { enableHighAccuracy: true, timeout: 15_000 });
    }
  }

  /** Forgets the conversation on this device: for shared computers. Asks first. */
  #end() {
    if (!this.#ending) {
      this.#ending = true;
      this.anew.textContent = this.#t("end-sure");
      setTimeout(() => {
        this.#ending = false;
        this.anew.textContent = this.#t("end");
      }, 5000);
      return;
    }
    this.#connection.stop();
    try {
      localStorage.removeItem(this.#key);
    } catch {
      // As above.
    }
    this.#root.replaceChildren();
    this.#waiting.clear();
    this.#ending = false;
    delete this.dataset.loaded;
    this.#build();
    this.#connect();
    if (!this.#page) this.open();
    else this.#composer.focus();
  }

  // ---- what is shown around it

  #showStatus(status) {
    clearTimeout(this.#bannerTimer);
    this.#think();
    if (status === "online") {
      this.#banner.hidden = true;
      return;
    }
    for (const id of this.#waiting.keys()) this.#log.state(id, "waiting");
    const show = () => {
      this.#banner.textContent = this.#t(navigator.onLine ? "reconnecting" : "offline");
      this.#banner.hidden = false;
    };
    this.#bannerTimer = setTimeout(show, navigator.onLine ? OFFLINE_SHOWN_AFTER : 0);
  }

  #count(unread) {
    this.#unread = unread;
    this.#launcher?.toggleAttribute("data-unread", unread > 0);
    if (this.#launcher)
      this.#launcher.lastChild.textContent = unread ? this.#t("unread", { count: unread }) : this.#t("open");
  }
}

/** 128 bits, also where the page is not served over https. */
function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

customElements.define("folkmoot-chat", FolkmootChat);

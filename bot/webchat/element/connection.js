/** Keeps one conversation connected: a WebSocket first, plain requests where that is not possible. */

const SLOWEST = 30_000;
const PATIENCE = 45_000;
const POLL = 4_000;
const POLLS_BEFORE_SOCKET = 15;

/**
 * Tells what happened by events: `status` (online, offline, connecting), `messages`, `accepted`,
 * `turn`, `problem` and `session`.
 */
export class Connection extends EventTarget {
  #server;
  #language;
  #socket = null;
  #attempts = 0;
  #timer = 0;
  #refused = 0;
  #polls = 0;
  #unreachable = false;
  #running = false;
  #pending = new Map();
  #since = 0;
  session;
  status = "connecting";

  constructor(server, language, session) {
    super();
    this.#server = server;
    this.#language = language;
    this.session = session;
  }

  start() {
    if (this.#running) return;
    this.#running = true;
    for (const [on, what] of this.#wakers) on.addEventListener(what, this.#wake);
    this.#connect();
  }

  stop() {
    this.#running = false;
    clearTimeout(this.#timer);
    for (const [on, what] of this.#wakers) on.removeEventListener(what, this.#wake);
    this.#socket?.close();
    this.#socket = null;
  }

  /** Sends now or as soon as there is a connection; the same message may be handed in again. */
  send(message) {
    this.#pending.set(message.message_id, message);
    this.start();
    this.#deliver(message);
  }

  // ---- the socket

  #wakers = [[window, "online"], [window, "offline"], [document, "visibilitychange"]];

  #wake = () => {
    if (!navigator.onLine) {
      this.#socket?.close();
      this.#say("offline");
    } else if (!document.hidden && this.status === "offline") {
      this.#attempts = 0;
      this.#connect();
    }
  };

  #connect() {
    clearTimeout(this.#timer);
    if (!this.#running || this.#socket) return;
    if (!navigator.onLine) return this.#say("offline");
    if (!("WebSocket" in window) || this.#refused >= 2) return this.#poll();
    const socket = new WebSocket(this.#server.replace(/^http/, "ws") + "/chat/socket");
    this.#socket = socket;
    this.#refused++;
    socket.onopen = () => {
      this.#refused = 0;
      const session = this.session ?? undefined;
      socket.send(JSON.stringify({ type: "hello", session, since: this.#since, language: this.#language }));
    };
    socket.onmessage = ({ data }) => this.#read(JSON.parse(data));
    socket.onclose = () => {
      if (this.#socket === socket) this.#socket = null;
      this.#lost();
    };
  }

  #lost() {
    if (!this.#running) return;
    this.#say("offline");
    for (const message of this.#pending.values()) clearTimeout(message.timer);
    this.#again(Math.min(SLOWEST, 500 * 2 ** this.#attempts++));
  }

  /** Comes back with jitter, so that a town's browsers do not all do so in the same second. */
  #again(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), delay * (0.5 + Math.random() / 2));
  }

  #read(frame) {
    if (frame.type === "session") {
      this.#adopt(frame.session);
      this.#attempts = 0;
      this.#say("online");
      for (const message of this.#pending.values()) this.#deliver(message);
    } else if (frame.type === "messages") {
      this.#received(frame.messages);
    } else if (frame.type === "turn" || frame.type === "problem") {
      this.#settle(frame.type, frame);
    } else {
      this.#tell(frame.type, frame);
    }
  }

  // ---- messages

  #deliver(message) {
    clearTimeout(message.timer);
    if (this.status !== "online") return;
    if (this.#socket) this.#socket.send(JSON.stringify({ type: "message", ...message }));
    else this.#post(message);
    const giveUp = () => this.#settle("problem", { message_id: message.message_id });
    // Not enumerable: it stays out of the JSON.
    Object.defineProperty(message, "timer", { value: setTimeout(giveUp, PATIENCE), configurable: true });
  }

  async #post(message) {
    const body = JSON.stringify({ session: this.session ?? undefined, language: this.#language, ...message });
    try {
      const response = await this.#request("messages", { method: "POST", body });
      const answer = await response.json();
      if (!response.ok) return this.#settle("problem", { message_id: message.message_id, problem: answer });
      this.#adopt(answer.session);
      this.#settle("turn", { message_id: message.message_id, ...answer });
    } catch {
      this.#lost();
    }
  }

  #settle(kind, frame) {
    const message = this.#pending.get(frame.message_id);
    if (message) clearTimeout(message.timer);
    this.#pending.delete(frame.message_id);
    // A gap means that something else was said in between: it is read from before the gap.
    for (const { seq } of frame.replies || []) if (seq === this.#since + 1) this.#since = seq;
    this.#tell(kind, frame);
  }

  #received(messages) {
    // What the citizen said has no number.
    for (const { seq = 0 } of messages) this.#since = Math.max(this.#since, seq);
    this.#tell("messages", { messages });
  }

  // ---- without a socket

  async #poll() {
    try {
      const headers = this.session ? { Authorization: `Bearer ${this.session}` } : {};
      const response = await this.#request(`messages?since=${this.#since}`, { headers });
      // Without a session there is nothing to read yet; that the server answers us is enough.
      if (!response.ok && this.session) throw new Error(response.status);
      if (response.ok) this.#received((await response.json()).messages);
      const back = this.status !== "online";
      this.#attempts = 0;
      this.#say("online");
      if (back) for (const message of this.#pending.values()) this.#deliver(message);
      // The server was away and is back, or much time went by: a socket may be possible now.
      if (this.#unreachable || ++this.#polls % POLLS_BEFORE_SOCKET === 0) this.#refused = 1;
      this.#unreachable = false;
      this.#again(document.hidden ? SLOWEST : POLL);
    } catch {
      this.#unreachable = true;
      this.#lost();
    }
  }

  #request(path, { headers, ...options } = {}) {
    const json = options.body ? { "Content-Type": "application/json" } : {};
    return fetch(`${this.#server}/chat/${path}`, { ...options, headers: { ...json, ...headers } });
  }

  // ---- telling

  #adopt(session) {
    if (session === this.session) return;
    this.session = session;
    this.#tell("session", { session });
  }

  #say(status) {
    if (status === this.status) return;
    this.status = status;
    this.#tell("status", { status });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** Uploads a picture with progress (0 to 1); resolves to the attachment's id. */
export function upload(server, session, file, progress) {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    form.append("session", session);
    form.append("file", file);
    const request = new XMLHttpRequest();
    request.open("POST", `${server}/chat/attachments`);
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () =>
      request.status < 300 ? resolve(request.response) : reject(request.response || {});
    request.onerror = () => reject({});
    request.send(form);
  });
}

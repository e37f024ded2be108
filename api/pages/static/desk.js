// What the pages do more when scripts run. Everything works without it.

const each = (selector, run) => document.querySelectorAll(selector).forEach(run);

// Times in the zone of whoever looks.
each("time[data-moment]", (time) => {
  time.title = time.textContent;
  time.textContent = new Date(time.dateTime).toLocaleString("en-GB", {
    day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit",
  });
});

// "All on this page".
each("[data-all]", (box) => {
  box.closest("label").hidden = false;
  const others = () => box.form.querySelectorAll("input[name=number]");
  box.addEventListener("change", () => others().forEach((one) => { one.checked = box.checked; }));
});

// The way back from a case leads to the list as it was, with its filter and its page.
const INBOX = "/officials/service-requests";
if (location.pathname === INBOX) sessionStorage.setItem(INBOX, location.search);
const list = sessionStorage.getItem(INBOX);
if (list !== null) each("[data-back]", (link) => { link.search = list; });

// On a phone the views go beyond the edge; the one that is open is seen.
each(".views [aria-current]", (link) => link.scrollIntoView({ block: "nearest", inline: "center" }));

// A map that is wider than a phone begins in its middle.
each("[data-middle]", (wide) => { wide.scrollLeft = (wide.scrollWidth - wide.clientWidth) / 2; });

each("[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});

// The place of whoever looks, when they ask for it.
each("[data-here]", (button) => {
  if (!navigator.geolocation) return;
  button.hidden = false;
  button.addEventListener("click", () => navigator.geolocation.getCurrentPosition(({ coords }) => {
    button.form.elements.lat.value = coords.latitude.toFixed(5);
    button.form.elements.long.value = coords.longitude.toFixed(5);
  }));
});

// A template goes into the reply without losing what stands there.
each("form[data-templates]", (form) => form.addEventListener("submit", (event) => {
  const field = document.getElementById("reply");
  const words = form.elements.template.selectedOptions[0]?.dataset.words;
  if (!field || !words) return;
  event.preventDefault();
  field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${words}` : words;
  field.focus();
}));

// Nobody loses a half-written reply by a wrong click.
let sending = false;
each("form", (form) => form.addEventListener("submit", () => { sending = true; }));
addEventListener("beforeunload", (event) => {
  const written = [...document.querySelectorAll("form[data-guard] textarea")].some(
    (field) => field.value.trim() !== field.defaultValue.trim(),
  );
  if (written && !sending) event.preventDefault();
});

// Whether the thing one looks at changed meanwhile: asked for quietly, and said once.
each("[data-live]", (place) => {
  const wait = Number(place.dataset.every ?? 8) * 1000;
  let known = "";
  const ask = async () => {
    if (document.hidden) return;
    const answer = await fetch(place.dataset.live, { headers: known ? { "If-None-Match": known } : {}, redirect: "error" });
    known = answer.headers.get("ETag") ?? known;
    if (answer.status === 200) place.innerHTML = await answer.text();
  };
  setInterval(() => ask().catch(() => {}), wait);
  document.addEventListener("visibilitychange", () => ask().catch(() => {}));
});

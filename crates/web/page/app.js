// The live feed. Everything that comes from articles is written with textContent: it can never become markup.
const ROOTS = "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE COERCE ASSAULT".split(" ");
const MOST_SHOWN = 500;

const $ = (id) => document.getElementById(id);
const filters = $("filters"), feed = $("feed"), detail = $("detail");
let source = null;
let chosen = null;

for (const root of ROOTS) filters.root.add(new Option(root, root));

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** The sentence with source, act and target marked. Offsets count code points of the article's field. */
function highlighted(event) {
  const letters = [...event.sentence.text];
  const inside = (span, kind) => {
    const start = span.start - event.sentence.start, end = span.end - event.sentence.start;
    const fits = span.part === event.sentence.part && start >= 0 && end <= letters.length && start < end;
    return fits ? [{ start, end, kind }] : [];
  };
  const spans = [...inside(event.source, "source"), ...inside(event.trigger, "trigger"), ...inside(event.target, "target")]
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const line = element("span");
  let at = 0;
  for (const { start, end, kind } of spans) {
    if (start < at) continue; // an actor inside the words of another: the outer one is marked
    line.append(letters.slice(at, start).join(""), element("mark", { class: kind }, letters.slice(start, end).join("")));
    at = end;
  }
  line.append(letters.slice(at).join(""));
  return line;
}

const actor = (a) => a.name + (a.country ? ` (${a.country}${a.sector ? " " + a.sector : ""})` : "");

function item(event) {
  const when = event.date ? event.date.value : "no date";
  const where = event.place ? `, ${event.place.name}` : "";
  const made = element("li", { "data-quad": event.quad_class, "data-id": event.id, tabindex: "-1" },
    element("div", { class: "act" }, element("span", {}, actor(event.source)), element("span", { class: "root" }, event.root),
      element("span", {}, actor(event.target))),
    element("div", {}, highlighted(event)),
    element("div", { class: "meta" }, `${when}${where} · ${event.modality} · ${Math.round(event.confidence * 100)} % · ${event.article.source ?? event.article.id}`));
  made.event = event;
  return made;
}

function link(url) {
  // Only web addresses: an article may carry any string as its url.
  const safe = /^https?:\/\//i.test(url ?? "");
  return safe ? element("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, url) : (url ?? "");
}

function open(made) {
  for (const other of feed.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
  chosen = made;
  made.setAttribute("aria-current", "true");
  const e = made.event;
  const rows = [
    ["Source", actor(e.source)], ["Act", `${e.root}${e.mode ? " / " + e.mode : ""}, CAMEO ${e.cameo}, ${e.quad_class.replace("_", " ")}`],
    ["Target", actor(e.target)], ["Goldstein", e.goldstein], ["Modality", e.modality],
    ["Says who", e.attribution ? e.attribution.name ?? e.attribution.text : "the outlet itself"],
    ["Date", e.date ? `${e.date.value} (${e.date.precision}${e.date.text ? `: “${e.date.text}”` : ""})` : "none"],
    ["Place", e.place ? `${e.place.name}${e.place.country ? ", " + e.place.country : ""}` : "none"],
    ["Contexts", e.contexts.join(", ") || "none"], ["Confidence", `${Math.round(e.confidence * 100)} %`],
    ["Article", e.article.title || e.article.id], ["Address", link(e.article.url)], ["Event", e.id],
  ];
  const list = element("dl");
  for (const [name, value] of rows) list.append(element("dt", {}, name), element("dd", {}, value instanceof Node ? value : String(value)));
  detail.replaceChildren(element("h2", {}, "Why this event"), element("p", { "data-quad": e.quad_class }, highlighted(e)), list);
  detail.hidden = false;
  made.scrollIntoView({ block: "nearest" });
}

function count() {
  $("count").textContent = feed.children.length ? `${feed.children.length} shown` : "";
  $("empty").hidden = feed.children.length > 0;
}

function show(event) {
  if (feed.querySelector(`[data-id="${CSS.escape(event.id)}"]`)) return;
  feed.prepend(item(event));
  while (feed.children.length > MOST_SHOWN) feed.lastElementChild.remove();
  count();
}

const query = () => new URLSearchParams([...new FormData(filters)].filter(([, value]) => value !== ""));

function state(name) { $("state").dataset.state = name; $("state").textContent = name; }

async function restart() {
  source?.close();
  state("connecting");
  const asked = query().toString();
  let last = 0;
  try {
    const answer = await fetch(`/api/events?${asked}`);
    if (!answer.ok) throw new Error(await answer.text());
    const events = await answer.json();
    if (asked !== query().toString()) return; // the filters changed meanwhile; a newer call draws
    feed.replaceChildren(...events.map(item));
    last = events.length ? events[0].sequence : 0;
    count();
  } catch (error) {
    state("lost"); $("state").title = String(error);
    setTimeout(restart, 2000);
    return;
  }
  // The browser sends Last-Event-ID by itself when the connection comes back.
  source = new EventSource(`/api/events/stream?${asked}`);
  source.onopen = async () => { state("live"); await catchUp(asked, last); };
  source.onerror = () => state("lost");
  source.onmessage = (message) => { const event = JSON.parse(message.data); last = event.sequence; show(event); };
}

/** What was published between the first answer and the opening of the stream. */
async function catchUp(asked, after) {
  const events = await (await fetch(`/api/events?${asked}`)).json();
  for (const event of events.filter((one) => one.sequence > after).reverse()) show(event);
}

function move(step) {
  const items = [...feed.children];
  if (!items.length) return;
  const at = items.indexOf(chosen);
  open(items[Math.min(items.length - 1, Math.max(0, at + step))]);
}

feed.addEventListener("click", (click) => { const made = click.target.closest("li"); if (made) open(made); });
feed.addEventListener("keydown", (key) => {
  if (key.key === "ArrowDown" || key.key === "j") { move(1); key.preventDefault(); }
  if (key.key === "ArrowUp" || key.key === "k") { move(-1); key.preventDefault(); }
  if (key.key === "Escape") detail.hidden = true;
});

let typing = 0;
filters.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => { history.replaceState(null, "", `?${query()}`); restart(); }, 250);
});
filters.addEventListener("reset", () => setTimeout(() => { history.replaceState(null, "", location.pathname); restart(); }));
filters.addEventListener("submit", (submit) => submit.preventDefault());

$("paste").addEventListener("submit", async (submit) => {
  submit.preventDefault();
  const text = submit.target.article.value;
  try {
    const answer = await fetch("/articles", { method: "POST", headers: { "Content-Type": "text/plain; charset=utf-8" }, body: text });
    $("sent").textContent = answer.ok ? "Sent. Its events appear above." : await answer.text();
    if (answer.ok) submit.target.reset();
  } catch (error) { $("sent").textContent = `Not sent: ${error}`; }
});

for (const [name, value] of new URLSearchParams(location.search)) if (filters.elements[name]) filters.elements[name].value = value;
restart();

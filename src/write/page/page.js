/* The page: data in the two JSON blocks, one state, and what is drawn from it. Content is set as text, never as markup. */
"use strict";
(() => {
const $ = (id) => document.getElementById(id);
const make = (tag, text, attributes) => {
  const element = document.createElement(tag);
  if (text != null) element.textContent = text;
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  return element;
};
const data = (id) => JSON.parse($(id).textContent);
const whole = new Intl.NumberFormat("en");
const amount = (n, one, many) => `${whole.format(n)} ${n === 1 ? one : many}`;
const shortened = (text, most) => (text.length > most ? `${text.slice(0, most)}…` : text);
const weightText = (w) => (w >= 100 ? whole.format(Math.round(w)) : w >= 10 ? w.toFixed(1) : w.toFixed(2));

// ── Data ────────────────────────────────────────────────────────────────────────────────────────────────────────────
const info = data("info");
const places = data("places").map(([id, name, country, admin1, feature, lon, lat, isArea], index) => ({
  index, id, name, country, admin1, feature, lon, lat, names: new Set(), mentions: [],
  // A country's or a region's point stands for an area: it is drawn as a ring.
  isArea,
}));
const articles = data("articles").map(([id, title, date, url, source, rows, sentences, allMapped], index) => ({
  index, id, title, date, url, source, rows, sentences, allMapped, day: dayOf(date), label: title || id,
  text: [title, id, source].filter(Boolean).join(" ").slice(0, 4000).toLowerCase(),
}));
const ROLES = ["place", "organization", "demonym"];
const mentions = [];
for (const article of articles) {
  const mapped = article.rows.reduce((n, row) => n + (row[0] >= 0), 0);
  article.mapped = mapped;
  for (const [place, role, confidence, sentence, start, end] of article.rows) {
    const mention = { place, article, role, confidence, sentence, start, end, share: mapped ? 1 / (article.allMapped ?? mapped) : 0 };
    if (place < 0) continue;
    places[place].mentions.push(mention);
    places[place].names.add(nameOf(mention).toLowerCase());
    mentions.push(mention);
  }
}
for (const place of places) {
  place.text = [place.name, place.admin1, regionName(place.country), place.country, ...place.names].join(" ").toLowerCase();
  place.full = place.mentions.reduce((w, m) => w + m.share, 0);
}
const byMention = info.per === "mention";
const measureName = byMention ? "mentions" : "weight";
const size = (place) => (byMention ? place.count : place.weight);
const fullSize = places.reduce((most, p) => Math.max(most, byMention ? p.mentions.length : p.full), 1e-9);
const unplaced = articles.reduce((n, a) => n + a.rows.length - a.mapped, 0);

function nameOf(mention) {
  return mention.article.sentences[mention.sentence].slice(mention.start, mention.end).replace(/\s+/g, " ");
}
/** Days since 1970, or null. Only dates that begin with year, month and day are dates here. */
function dayOf(date) {
  const found = /^(\d{4})-(\d{2})-(\d{2})/.exec(date || "");
  const time = found ? Date.UTC(+found[1], found[2] - 1, +found[3]) : Date.parse(date || "");
  return Number.isNaN(time) ? null : Math.floor(time / 864e5);
}
function dayText(day) {
  return new Date(day * 864e5).toISOString().slice(0, 10);
}
function regionName(code) {
  try {
    regionName.names ||= new Intl.DisplayNames(["en"], { type: "region" });
    return code ? regionName.names.of(code) : "";
  } catch {
    return code || "";
  }
}
const where = (place) =>
  place.feature.startsWith("A.PCL") ? "" : [place.admin1, regionName(place.country)].filter((x) => x && x !== place.name).join(", ");

// ── State and filters ───────────────────────────────────────────────────────────────────────────────────────────────
const days = [...new Set(articles.map((a) => a.day).filter((d) => d !== null))].sort((a, b) => a - b);
const state = {
  search: "", article: "", onlyArticle: null, roles: new Set(ROLES.keys()), confidence: 0,
  from: 0, to: Math.max(days.length - 1, 0), tab: { place: "places", mention: "mentions" }[info.per] || "articles",
  selected: null, rows: 100, detailRows: 10,
};
let shown = { places: [], articles: [], mentions: [] };

function filter() {
  const search = state.search.trim().toLowerCase();
  const wanted = state.article.trim().toLowerCase();
  const allDates = days.length < 2 || (state.from === 0 && state.to === days.length - 1);
  const [first, last] = [days[state.from], days[state.to]];
  for (const article of articles) {
    article.count = 0;
    article.is = (state.onlyArticle === null ? !wanted || article.text.includes(wanted) : state.onlyArticle === article)
      && (allDates || (article.day !== null && article.day >= first && article.day <= last));
  }
  for (const place of places) {
    place.count = place.weight = place.articles = 0;
    place.is = !search || place.text.includes(search);
    place.last = null;
  }
  const kept = [];
  for (const mention of mentions) {
    const { article } = mention;
    const place = places[mention.place];
    if (!article.is || !place.is || mention.confidence < state.confidence || !state.roles.has(mention.role)) continue;
    kept.push(mention);
    article.count += 1;
    place.count += 1;
    place.weight += mention.share;
    if (place.last !== article) {
      place.articles += 1;
      place.last = article;
    }
  }
  const some = places.filter((p) => p.count > 0).sort((a, b) => size(b) - size(a) || a.index - b.index);
  shown = { places: some, articles: articles.filter((a) => a.count > 0), mentions: kept };
  const said = `${amount(some.length, "place", "places")}, ${amount(kept.length, "mention", "mentions")} in ` +
    `${amount(shown.articles.length, "article", "articles")}`;
  $("summary").textContent = unplaced && kept.length === mentions.length
    ? `${said}; ${amount(unplaced, "mention", "mentions")} without a place` : said;
}

/** After any change of a filter. */
function update() {
  state.rows = 100;
  filter();
  drawHistogram();
  fillList();
  fillDetails();
  view.redraw();
}

// ── The list ────────────────────────────────────────────────────────────────────────────────────────────────────────
function fillList() {
  const items = shown[state.tab];
  const list = $("list");
  const most = shown.places.length ? size(shown.places[0]) : 1;
  const rows = items.slice(0, state.rows).map((item) => {
    const button = make("button", null, { type: "button" });
    if (state.tab === "places") placeRow(button, item, most);
    else if (state.tab === "articles") articleRow(button, item);
    else mentionRow(button, item);
    const row = make("li");
    row.append(button);
    return row;
  });
  if (!rows.length) {
    rows.push(make("li", mentions.length ? "Nothing matches these filters." : "No place was found.", { class: "none" }));
  }
  list.replaceChildren(...rows);
  $("more").hidden = items.length <= state.rows;
  for (const tab of ["places", "articles", "mentions"]) {
    const button = $(`tab-${tab}`);
    button.setAttribute("aria-selected", String(tab === state.tab));
    button.tabIndex = tab === state.tab ? 0 : -1;
  }
  $("panel").setAttribute("aria-labelledby", `tab-${state.tab}`);
}
function head(button, name, figure) {
  const line = make("span", null, { class: "name" });
  line.append(make("b", name, { dir: "auto" }), make("i", figure));
  button.append(line);
}
function placeRow(button, place, most) {
  head(button, place.name, byMention ? amount(place.count, "mention", "mentions") : weightText(place.weight));
  const facts = byMention ? `in ${amount(place.articles, "article", "articles")}`
    : `${amount(place.count, "mention", "mentions")} in ${amount(place.articles, "article", "articles")}`;
  button.append(make("small", [where(place), facts].filter(Boolean).join(" · ")));
  const bar = make("span", null, { class: "bar" });
  bar.style.width = `${(100 * size(place)) / most}%`;
  button.append(bar);
  if (state.selected === place) button.setAttribute("aria-current", "true");
  button.addEventListener("click", () => select(place, true));
  button.addEventListener("pointerenter", () => view.point(place));
  button.addEventListener("pointerleave", () => view.point(null));
}
function articleRow(button, article) {
  head(button, shortened(article.label, 200), whole.format(article.count));
  button.firstChild.lastChild.title = "mentions";
  button.firstChild.firstChild.classList.add("clip");
  const seen = [...new Set(article.rows.filter((r) => r[0] >= 0).map((r) => places[r[0]].name))];
  button.append(make("small", [article.date, article.source].filter(Boolean).join(" · ")));
  button.append(make("small", shortened(seen.slice(0, 6).join(", "), 120) + (seen.length > 6 ? " …" : "")));
  if (state.onlyArticle === article) button.setAttribute("aria-current", "true");
  button.addEventListener("click", () => chooseArticle(state.onlyArticle === article ? null : article));
}
function mentionRow(button, mention) {
  const place = places[mention.place];
  head(button, place.name, mention.confidence.toFixed(2));
  const sentence = make("span", null, { class: "clip", dir: "auto" });
  sentence.append(...marked(mention, 160));
  button.append(sentence, make("small", [shortened(mention.article.label, 120), mention.article.date].filter(Boolean).join(" · "), { dir: "auto" }));
  button.addEventListener("click", () => select(place, true, mention.article));
}
/** The sentence with the mention marked; what is far from the mention is left out. */
function marked(mention, around = 600) {
  const sentence = mention.article.sentences[mention.sentence];
  const from = Math.max(0, mention.start - around);
  const to = Math.min(sentence.length, mention.end + around);
  return [
    (from > 0 ? "…" : "") + sentence.slice(from, mention.start), make("mark", sentence.slice(mention.start, mention.end)),
    sentence.slice(mention.end, to) + (to < sentence.length ? "…" : ""),
  ];
}
function chooseArticle(article) {
  state.onlyArticle = article;
  $("article").value = article ? shortened(article.label, 300) : "";
  state.article = $("article").value;
  update();
}

// ── The details of one place ────────────────────────────────────────────────────────────────────────────────────────
let opener = null;
function select(place, show, firstArticle) {
  opener = document.activeElement;
  state.selected = place;
  state.firstArticle = firstArticle || null;
  state.detailRows = 10;
  fillDetails();
  for (const row of document.querySelectorAll("#list [aria-current]")) row.removeAttribute("aria-current");
  fillList();
  if (place && show) view.show(place);
  else view.redraw();
  if (place) {
    $("details").scrollTop = 0;
    $("details").focus({ preventScroll: true });
  } else if (opener?.isConnected) opener.focus({ preventScroll: true });
}
function fillDetails() {
  const place = state.selected;
  $("details").hidden = !place;
  if (!place) return;
  $("details-title").textContent = place.name;
  $("details-place").textContent = [where(place), `${place.feature} · ${place.id}`].filter(Boolean).join(" · ");
  const kept = shown.mentions.filter((m) => m.place === place.index);
  const figures = [[weightText(place.weight), "weight"], [whole.format(place.count), "mentions"], [whole.format(place.articles), "articles"]];
  if (kept.length) figures.push([(kept.reduce((c, m) => c + m.confidence, 0) / kept.length).toFixed(2), "confidence"]);
  $("details-figures").replaceChildren(...figures.map(([value, name]) => {
    const pair = make("div");
    pair.append(make("dt", name), make("dd", value));
    return pair;
  }));
  const groups = new Map();
  for (const mention of kept) {
    if (!groups.has(mention.article)) groups.set(mention.article, []);
    groups.get(mention.article).push(mention);
  }
  const order = [...groups].sort((a, b) =>
    (b[0] === state.firstArticle) - (a[0] === state.firstArticle) || b[1].length * b[1][0].share - a[1].length * a[1][0].share || a[0].index - b[0].index);
  $("details-articles").replaceChildren(...order.slice(0, state.detailRows).map(articleDetails));
  if (!kept.length) $("details-articles").replaceChildren(make("p", "No mention of it matches the filters."));
  $("details-more").hidden = order.length <= state.detailRows;
}
function articleDetails([article, kept]) {
  const box = make("article");
  const title = make("h3", null, { dir: "auto" });
  const link = webAddress(article.url);
  const text = shortened(article.label, 500);
  title.append(link ? make("a", text, { href: link, target: "_blank", rel: "noopener noreferrer" }) : text);
  const facts = [article.date, article.source, amount(kept.length, "mention", "mentions"), `weight ${weightText(kept.length * kept[0].share)}`];
  box.append(title, make("p", facts.filter(Boolean).join(" · "), { class: "meta" }));
  for (const mention of kept.slice(0, 20)) {
    const quote = make("blockquote", null, { dir: "auto" });
    quote.append(...marked(mention));
    const notes = [mention.role ? ROLES[mention.role] : "", `confidence ${mention.confidence.toFixed(2)}`].filter(Boolean).join(", ");
    quote.append(" ", make("small", `(${notes})`, { dir: "ltr" }));
    box.append(quote);
  }
  if (kept.length > 20) box.append(make("p", `and ${amount(kept.length - 20, "more mention", "more mentions")}`, { class: "meta" }));
  return box;
}
function webAddress(url) {
  try {
    const parsed = new URL(url);
    return parsed.protocol === "https:" || parsed.protocol === "http:" ? parsed.href : null;
  } catch {
    return null;
  }
}

// ── Controls ────────────────────────────────────────────────────────────────────────────────────────────────────────
function setUpControls() {
  let waiting = 0;
  const soon = () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(update);
  };
  $("search").addEventListener("input", () => { state.search = $("search").value; soon(); });
  $("article").addEventListener("input", () => {
    state.article = $("article").value;
    state.onlyArticle = articles.find((a) => shortened(a.label, 300) === state.article) || null;
    soon();
  });
  $("articles-known").replaceChildren(...articles.slice(0, 500).map((a) => make("option", null, { value: shortened(a.label, 300) })));
  const present = ROLES.map((_, role) => mentions.filter((m) => m.role === role).length);
  present.forEach((n, role) => {
    if (!n) return;
    const label = make("label");
    const box = make("input", null, { type: "checkbox", id: `role-${ROLES[role]}` });
    box.checked = true;
    box.addEventListener("change", () => { state.roles[box.checked ? "add" : "delete"](role); soon(); });
    label.append(box, `${ROLES[role]} (${whole.format(n)})`);
    $("roles").append(label);
  });
  $("roles").hidden = mentions.length === 0;
  $("confidence").addEventListener("input", () => {
    state.confidence = +$("confidence").value;
    $("confidence-value").textContent = state.confidence.toFixed(2);
    soon();
  });
  $("dates").hidden = days.length < 2;
  for (const end of ["from", "to"]) {
    $(end).max = Math.max(days.length - 1, 0);
    $(end).value = state[end];
    $(end).addEventListener("input", () => {
      state[end] = +$(end).value;
      if (state.from > state.to) setDates(end === "from" ? state.from : state.to, end === "from" ? state.from : state.to);
      else setDates(state.from, state.to);
      soon();
    });
  }
  setDates(state.from, state.to);
  $("play").addEventListener("click", () => (player ? stop() : play()));
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("filters").addEventListener("reset", () => {
    stop();
    Object.assign(state, { search: "", article: "", onlyArticle: null, confidence: 0, roles: new Set(ROLES.keys()) });
    $("confidence-value").textContent = "0.00";
    setTimeout(() => { setDates(0, Math.max(days.length - 1, 0)); update(); });
  });
  const tabs = ["places", "articles", "mentions"];
  for (const tab of tabs) {
    $(`tab-${tab}`).addEventListener("click", () => { state.tab = tab; state.rows = 100; fillList(); });
    $(`tab-${tab}`).addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: 2 }[event.key];
      if (!step) return;
      state.tab = tabs[(tabs.indexOf(tab) + step) % 3];
      state.rows = 100;
      fillList();
      $(`tab-${state.tab}`).focus();
    });
  }
  $("more").addEventListener("click", () => {
    const next = state.rows;
    state.rows += 200;
    fillList();
    $("list").children[next]?.firstChild.focus();
  });
  $("details-more").addEventListener("click", () => { state.detailRows += 20; fillDetails(); });
  $("close").addEventListener("click", () => select(null));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && state.selected) select(null); });
}
function setDates(from, to) {
  Object.assign(state, { from, to });
  $("from").value = from;
  $("to").value = to;
  if (!days.length) return;
  for (const end of ["from", "to"]) $(end).setAttribute("aria-valuetext", dayText(days[state[end]]));
  $("dates-value").textContent = from === to ? dayText(days[from]) : `${dayText(days[from])} to ${dayText(days[to])}`;
}
/** Bars of mentions by day, of all and of those that are shown. */
function drawHistogram() {
  if (days.length < 2) return;
  const bins = Math.min(60, days.length);
  const bin = (day) => Math.min(bins - 1, Math.floor((bins * indexOfDay.get(day)) / days.length));
  const [all, kept] = [new Float64Array(bins), new Float64Array(bins)];
  for (const article of articles) {
    if (article.day === null) continue;
    all[bin(article.day)] += article.mapped;
    kept[bin(article.day)] += article.count;
  }
  const most = Math.max(...all, 1);
  const svg = $("histogram");
  svg.setAttribute("viewBox", `0 0 ${bins} 34`);
  const bar = (n, i, inside) => {
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const height = n ? Math.max(1.5, (34 * n) / most) : 0;
    for (const [k, v] of Object.entries({ x: i + 0.1, y: 34 - height, width: 0.8, height })) rect.setAttribute(k, v);
    if (inside) rect.setAttribute("class", "in");
    return rect;
  };
  svg.replaceChildren(...[...all].map((n, i) => bar(n, i, false)), ...[...kept].map((n, i) => bar(n, i, true)));
}
const indexOfDay = new Map(days.map((day, i) => [day, i]));

let player = 0;
function play() {
  const last = days.length - 1;
  const isAll = state.from === 0 && state.to === last;
  const width = state.to - state.from;
  // All dates: what has happened so far grows. A part of them: the part moves on.
  let to = isAll || state.to === last ? (isAll ? 0 : width) : state.to;
  const steps = Math.max(1, Math.round(days.length / 120));
  const tick = () => {
    if (to > last) return stop();
    setDates(isAll ? 0 : Math.max(0, to - width), to);
    update();
    to = to === last ? last + 1 : Math.min(last, to + steps);
  };
  $("play").setAttribute("aria-pressed", "true");
  $("play").textContent = "Stop";
  tick();
  player = setInterval(tick, Math.max(80, Math.min(600, 12000 / days.length)));
}
function stop() {
  clearInterval(player);
  player = 0;
  $("play").setAttribute("aria-pressed", "false");
  $("play").textContent = "Play";
}

// ── Start ───────────────────────────────────────────────────────────────────────────────────────────────────────────
const title = info.title || `Places in ${amount(articles.length, "article", "articles")}`;
$("title").textContent = title;
document.title = shortened(title, 200);
if (info.all_mentions) {
  $("partial").textContent = `Too much for one page: it has ${whole.format(mentions.length)} of ${amount(info.all_mentions, "mention", "mentions")}, ` +
    `those of the places that weigh most in their articles, from ${whole.format(articles.length)} of ${amount(info.all_articles, "article", "articles")}.`;
  $("partial").hidden = false;
}
credit($("credit"), `Map: Natural Earth. ${info.attribution}`);
/** Addresses in a credit become links. */
function credit(element, text) {
  for (const part of text.split(/(https?:\/\/[^\s,;()<>]+)/)) {
    const link = webAddress(part.replace(/\.$/, ""));
    element.append(link ? make("a", part, { href: link, rel: "noopener noreferrer", target: "_blank" }) : part);
  }
}
const view = mapView({ $, state, places, info, size, fullSize, byMention, measureName, weightText, where, whole, amount,
  shown: () => shown, select });
setUpControls();
update();
view.start();
})();

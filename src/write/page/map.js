/* The map: a canvas with land, circles and names. d3-geo projects, d3-zoom reads gestures, topojson reads the base map. */
"use strict";
function mapView({ $, state, places, info, size, fullSize, byMention, weightText, where, whole, amount, shown, select }) {
const canvas = $("map");
const stage = $("stage");
const tip = $("tip");
const context = canvas.getContext("2d");
/** Earth's radius in km: a scale is pixels for one radius. */
const KM = 6371;
const CLOSEST = 400000;
const reduced = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");
const FONT = '"Noto Sans", "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
const LIGHT = {
  sheet: "#ffffff",  water: "#eaf1f6", land: "#ffffff", coast: "#aeb9c2", border: "#9aa3ab", province: "#d9dee2", net: "#e3eaef",
  circle: "179, 38, 30", ink: "#1c1e21", halo: "rgba(255,255,255,.9)", faint: "#8b949c", fainter: "#aab1b8",
};
const DARK = {
  sheet: "#0e1114",  water: "#14191e", land: "#262c32", coast: "#4a545d", border: "#59636c", province: "#363e45", net: "#1d242a",
  circle: "255, 138, 117", ink: "#f2f4f5", halo: "rgba(20,25,30,.85)", faint: "#8d979f", fainter: "#6d777f",
};
let printing = false;
const colors = () => (dark.matches && !printing ? DARK : LIGHT);
let [width, height, ratio] = [300, 150, 1];
let base = null;
/** Where the map looks: the middle in degrees, and pixels for the Earth's radius. */
let look = { lon: 0, lat: 0, scale: 100 };
let home = { ...look };
let projection = null;
let drawn = []; // {place, x, y, r}, large ones first
let tree = d3.quadtree();
let pointed = null;
let gesture = null;
let lastFrame = null;
let cost = 0;

// ── Projection ──────────────────────────────────────────────────────────────────────────────────────────────────────
/** The scale at which the whole world fits. */
const worldScale = () => Math.max(20, Math.min(width / 5.6, height / 2.95));
const LOCAL = 2.4;
const isWorld = (at = look) => at.scale < LOCAL * worldScale();
/** The world in the Natural Earth projection; closer in, Lambert's azimuthal equal-area around the middle. */
function project(at) {
  if (isWorld(at)) {
    const world = d3.geoNaturalEarth1().rotate([-at.lon, 0]).scale(at.scale).translate([width / 2, height / 2]).precision(0.3);
    const middle = world([at.lon, at.lat]);
    return world.translate([width / 2, height / 2 - (middle[1] - height / 2)]);
  }
  const reach = Math.min(170, (Math.asin(Math.min(1, Math.hypot(width, height) / 2 / at.scale / 1.9)) * 360) / Math.PI + 3);
  return d3.geoAzimuthalEqualArea().rotate([-at.lon, -at.lat]).scale(at.scale).translate([width / 2, height / 2])
    .clipAngle(reach).precision(0.3);
}
function clamped(at) {
  const scale = Math.max(worldScale() * 0.9, Math.min(CLOSEST, at.scale));
  const most = scale < LOCAL * worldScale() ? Math.max(0, Math.min(80, 90 - 62 * (worldScale() / scale) ** 0.6 )) : 90;
  return { lon: ((at.lon + 540) % 360) - 180, lat: Math.max(-most, Math.min(most, at.lat)), scale };
}
/** The places around which nearly all weight is, when the others are far off; else all. */
function core(some) {
  const heavy = [...some].sort((a, b) => size(b) - size(a)).slice(0, 40);
  const off = (a) => (b) => d3.geoDistance([a.lon, a.lat], [b.lon, b.lat]);
  let [middle, least] = [null, Infinity];
  for (const a of heavy) {
    const far = d3.sum(heavy, (b) => size(b) * off(a)(b));
    if (far < least) [middle, least] = [a, far];
  }
  if (!middle) return some;
  const order = some.map((p) => ({ p, far: off(middle)(p) })).sort((a, b) => a.far - b.far);
  const enough = 0.85 * d3.sum(some, size);
  let sum = 0;
  const last = order.find((o) => (sum += size(o.p)) >= enough);
  const reach = Math.max(last.far, 0.02);
  if (reach > 0.6 || order[order.length - 1].far < 3 * reach) return some;
  return order.filter((o) => o.far <= 1.1 * reach).map((o) => o.p);
}
/** The view of these places: the smallest circle around them, more or less. */
function fit(some) {
  const whole = { lon: 10, lat: 12, scale: worldScale() };
  const points = some.map((p) => [p.lon, p.lat]);
  if (!points.length) return whole;
  const turn = Math.PI / 180;
  const at = ([lon, lat]) => [Math.cos(lat * turn) * Math.cos(lon * turn), Math.cos(lat * turn) * Math.sin(lon * turn), Math.sin(lat * turn)];
  const sum = points.map(at).reduce((a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]], [0, 0, 0]);
  let middle = Math.hypot(...sum) < 1e-6 ? points[0] : [Math.atan2(sum[1], sum[0]) / turn, Math.atan2(sum[2], Math.hypot(sum[0], sum[1])) / turn];
  let found = whole;
  // Twice to the middle of the frame around them, as seen from the middle before.
  for (let i = 0; i < 2; i++) {
    const flat = d3.geoAzimuthalEqualArea().rotate([-middle[0], -middle[1]]).scale(1).translate([0, 0]).clipAngle(null);
    const seen = points.map(flat);
    const [x0, x1] = d3.extent(seen, (p) => p[0]);
    const [y0, y1] = d3.extent(seen, (p) => p[1]);
    // Below is the legend's place.
    const foot = Math.min(130, height * 0.25);
    const scale = Math.min(9000, (width * 0.8) / Math.max(x1 - x0, 1e-9), ((height - foot) * 0.84) / Math.max(y1 - y0, 1e-9));
    if (scale < LOCAL * worldScale()) {
      // A world map keeps the usual middle, unless the places lie around the Pacific.
      const far = points.filter((p) => Math.abs(((p[0] - 10 + 540) % 360) - 180) > 165).length;
      return fitWorld(points, far > points.length / 3 ? -170 : whole.lon);
    }
    // One town: its country around it, not its streets.
    const next = flat.invert([(x0 + x1) / 2, (y0 + y1) / 2 + (i && points.length > 1 ? (foot * 0.4) / scale : 0)]);
    found = { lon: next[0], lat: next[1], scale };
    middle = next;
  }
  return found;
}
/** A world map around this meridian, as close as all places allow. */
function fitWorld(points, lon) {
  const lons = d3.extent(points, (p) => ((p[0] - lon + 540) % 360) - 180);
  const middle = lon + (lons[0] + lons[1]) / 2;
  const flat = d3.geoNaturalEarth1().rotate([-middle, 0]).scale(1).translate([0, 0]);
  const seen = points.map(flat);
  const [x0, x1] = d3.extent(seen, (p) => p[0]);
  const [y0, y1] = d3.extent(seen, (p) => p[1]);
  const close = Math.min((width * 0.86) / (x1 - x0), (height * 0.76) / (y1 - y0));
  const scale = Math.max(worldScale(), Math.min(close, (LOCAL - 0.1) * worldScale()));
  return { lon: middle, lat: flat.invert([0, (y0 + y1) / 2 + (height * 0.04) / scale])[1], scale };
}

// ── Drawing ─────────────────────────────────────────────────────────────────────────────────────────────────────────
/** The largest circle's radius: all circles together fill no more than a tenth of the map. */
const together = places.reduce((sum, p) => sum + (byMention ? p.mentions.length : p.full), 0) / fullSize;
const biggest = () => Math.max(2.5, Math.min(38, Math.min(width, height) / 16, Math.sqrt((0.08 * width * height) / Math.PI / Math.max(together, 1))));
const radius = (value) => Math.max(1.3, biggest() * Math.sqrt(value / fullSize));

/** Keeps names apart: boxes in a coarse grid. */
function boxes() {
  const cell = 48;
  const grid = new Map();
  const cells = function* ([x0, y0, x1, y1]) {
    for (let i = Math.floor(x0 / cell); i <= Math.floor(x1 / cell); i++)
      for (let j = Math.floor(y0 / cell); j <= Math.floor(y1 / cell); j++) yield i * 4096 + j;
  };
  return {
    isFree(box) {
      if (box[0] < 2 || box[1] < 2 || box[2] > width - 2 || box[3] > height - 2) return false;
      for (const key of cells(box))
        for (const b of grid.get(key) || []) if (b[0] < box[2] && b[2] > box[0] && b[1] < box[3] && b[3] > box[1]) return false;
      return true;
    },
    take(box) {
      for (const key of cells(box)) grid.has(key) ? grid.get(key).push(box) : grid.set(key, [box]);
    },
  };
}

function draw() {
  const start = performance.now();
  const color = colors();
  const pen = context;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.fillStyle = isWorld() ? color.sheet : color.water;
  pen.fillRect(0, 0, width, height);
  drawBase(pen, color);
  place();
  const taken = boxes();
  // No names below the buttons and the legend.
  if (!printing) {
    taken.take([0, 0, 52, 128]);
    taken.take([0, height - $("foot").offsetHeight, 200, height]);
  }
  const names = placeNames(pen, taken);
  if (base) drawBaseNames(pen, color, taken);
  drawCircles(pen, color);
  drawNames(pen, color, names);
  cost = performance.now() - start;
}
function drawBase(pen, color) {
  const path = d3.geoPath(projection, pen);
  const line = (object, style, wide) => {
    pen.beginPath();
    path(object);
    pen.strokeStyle = style;
    pen.lineWidth = wide;
    pen.stroke();
  };
  pen.lineJoin = "round";
  if (isWorld()) {
    pen.beginPath();
    path({ type: "Sphere" });
    pen.fillStyle = color.water;
    pen.fill();
    line(d3.geoGraticule10(), color.net, 0.6);
  }
  if (!base) return;
  const atlas = look.scale < 260 ? base.world : base.detail;
  const inView = isWorld() ? () => true : viewTest();
  pen.beginPath();
  for (const part of atlas.land) if (inView(part)) path(part.shape);
  pen.fillStyle = color.land;
  pen.fill();
  pen.strokeStyle = color.coast;
  pen.lineWidth = 0.7;
  pen.stroke();
  if (look.scale > 1500) {
    pen.beginPath();
    for (const part of base.provinces) if (inView(part)) path(part.shape);
    pen.strokeStyle = color.province;
    pen.lineWidth = 0.7;
    pen.stroke();
  }
  pen.beginPath();
  for (const part of atlas.borders) if (inView(part)) path(part.shape);
  pen.strokeStyle = color.border;
  pen.lineWidth = isWorld() ? 0.6 : 0.9;
  pen.stroke();
  if (isWorld()) line({ type: "Sphere" }, color.coast, 0.8);
}
/** Whether a part of the base map may be in view: the caps around both meet. */
function viewTest() {
  const reach = (projection.clipAngle() || 180) * (Math.PI / 180);
  const middle = [look.lon, look.lat];
  return ({ at, size: part }) => d3.geoDistance(at, middle) < reach + part;
}
function place() {
  drawn = [];
  const cells = new Set();
  for (const item of shown().places) {
    const at = projection([item.lon, item.lat]);
    if (!at || (!isWorld() && d3.geoDistance([item.lon, item.lat], [look.lon, look.lat]) > (projection.clipAngle() * Math.PI) / 180)) continue;
    const [x, y] = at;
    const r = radius(size(item));
    if (x < -r || y < -r || x > width + r || y > height + r) continue;
    // Tens of thousands of dots on one spot are one dot.
    if (r < 6 && item !== state.selected) {
      const fine = r < 2 ? 1 : 2 / r;
      const cell = Math.round(x * fine) * 8192 + Math.round(y * fine);
      if (cells.has(cell)) continue;
      cells.add(cell);
    }
    drawn.push({ place: item, x, y, r });
  }
  tree = d3.quadtree(drawn, (d) => d.x, (d) => d.y);
}
function drawCircles(pen, color) {
  const fill = `rgba(${color.circle}, .42)`;
  const ring = `rgba(${color.circle}, .10)`;
  const edge = `rgba(${color.circle}, .95)`;
  const circle = (to, isArea, x, y, r) => {
    to.beginPath();
    to.arc(x, y, r, 0, 2 * Math.PI);
    to.fillStyle = isArea ? ring : fill;
    to.fill();
    to.strokeStyle = edge;
    to.lineWidth = 1;
    to.setLineDash(isArea ? [3, 2.5] : []);
    to.stroke();
    to.setLineDash([]);
  };
  const many = drawn.length > 2000;
  const small = many ? drawn.findIndex((d) => d.r <= 12) : -1;
  for (const { place: p, x, y, r } of small < 0 ? drawn : drawn.slice(0, small)) circle(pen, p.isArea, x, y, r);
  if (small >= 0) stampCircles(pen, circle, color.circle.split(",").map(Number), drawn.slice(small));
  for (const [p, wide] of [[pointed, 2], [state.selected, 3]]) {
    const at = p && drawn.find((d) => d.place === p);
    if (!at) continue;
    pen.beginPath();
    pen.arc(at.x, at.y, at.r + wide / 2 + 1, 0, 2 * Math.PI);
    pen.strokeStyle = color.ink;
    pen.lineWidth = wide;
    pen.stroke();
  }
}
/** Thousands of small circles: of one color, they are no more than opacity, which is added up by hand and drawn at once. */
function stampCircles(pen, circle, [red, green, blue], some) {
  const [wide, tall] = [canvas.width, canvas.height];
  const clear = new Float32Array(wide * tall).fill(1);
  const stamps = new Map();
  for (const { place: p, x, y, r } of some) {
    const key = Math.round(r * 3) * (p.isArea ? -1 : 1);
    let stamp = stamps.get(key);
    if (!stamp) {
      const size = Math.abs(key) / 3;
      const half = Math.ceil((size + 1) * ratio);
      const to = new OffscreenCanvas(2 * half, 2 * half).getContext("2d", { willReadFrequently: true });
      to.scale(ratio, ratio);
      circle(to, p.isArea, half / ratio, half / ratio, size);
      const pixels = to.getImageData(0, 0, 2 * half, 2 * half).data;
      const passes = Float32Array.from({ length: 4 * half * half }, (_, i) => 1 - pixels[4 * i + 3] / 255);
      stamps.set(key, stamp = { passes, half });
    }
    const { passes, half } = stamp;
    const [left, top] = [Math.round(x * ratio) - half, Math.round(y * ratio) - half];
    const [from, to] = [Math.max(0, -left), Math.min(2 * half, wide - left)];
    for (let j = Math.max(0, -top), last = Math.min(2 * half, tall - top); j < last; j++) {
      const row = (top + j) * wide + left;
      for (let i = from; i < to; i++) clear[row + i] *= passes[j * 2 * half + i];
    }
  }
  const picture = new ImageData(wide, tall);
  const { data } = picture;
  for (let i = 0; i < clear.length; i++) {
    if (clear[i] === 1) continue;
    data[4 * i] = red;
    data[4 * i + 1] = green;
    data[4 * i + 2] = blue;
    data[4 * i + 3] = 255 * (1 - clear[i]);
  }
  const sheet = new OffscreenCanvas(wide, tall);
  sheet.getContext("2d").putImageData(picture, 0, 0);
  pen.drawImage(sheet, 0, 0, width, height);
}
/** Names for the heaviest places, each where it touches no other name: right, left, above, below, then the corners. */
function placeNames(pen, taken) {
  const most = Math.round((width * height) / 9000);
  const names = [];
  for (const { x, y, r } of drawn.slice(0, 80)) taken.take([x - r * 0.7, y - r * 0.7, x + r * 0.7, y + r * 0.7]);
  const order = drawn.slice(0, 400);
  const chosen = order.findIndex((d) => d.place === state.selected);
  if (chosen > 0) order.unshift(...order.splice(chosen, 1));
  for (const { place: p, x, y, r } of order) {
    if (names.length >= most) break;
    const points = Math.max(11, Math.min(15, 10 + r / 6));
    pen.font = `${r > 10 ? 600 : 400} ${points}px ${FONT}`;
    const text = p.name.length > 40 ? `${p.name.slice(0, 39)}…` : p.name;
    const wide = pen.measureText(text).width;
    const [gap, tall] = [r + 3, points * 0.62];
    const corner = r * 0.72 + 2;
    const spots = [
      [x + gap, y], [x - gap - wide, y], [x - wide / 2, y - gap - tall], [x - wide / 2, y + gap + tall],
      [x + corner, y - corner - tall / 2], [x + corner, y + corner + tall / 2], [x - corner - wide, y - corner - tall / 2], [x - corner - wide, y + corner + tall / 2],
    ];
    for (const [left, middle] of spots) {
      const box = [left - 1, middle - tall, left + wide + 1, middle + tall];
      if (!taken.isFree(box)) continue;
      taken.take(box);
      names.push({ text, left, middle, font: pen.font });
      break;
    }
  }
  return names;
}
function drawNames(pen, color, names) {
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  pen.lineJoin = "round";
  pen.lineWidth = 3;
  pen.strokeStyle = color.halo;
  pen.fillStyle = color.ink;
  for (const { text, left, middle, font } of names) {
    pen.font = font;
    pen.strokeText(text, left, middle);
    pen.fillText(text, left, middle);
  }
}
/** Countries and provinces, faintly, where there is room. */
function drawBaseNames(pen, color, taken) {
  pen.textBaseline = "middle";
  pen.textAlign = "center";
  const put = (text, lon, lat, font, style) => {
    if (d3.geoDistance([lon, lat], [look.lon, look.lat]) > 2.6) return;
    const at = projection([lon, lat]);
    if (!at || at[0] < 0 || at[1] < 0 || at[0] > width || at[1] > height) return;
    pen.font = font;
    const wide = pen.measureText(text).width;
    const box = [at[0] - wide / 2 - 4, at[1] - 8, at[0] + wide / 2 + 4, at[1] + 8];
    if (!taken.isFree(box)) return;
    taken.take(box);
    pen.fillStyle = style;
    pen.fillText(text, at[0], at[1]);
  };
  pen.letterSpacing = "1px";
  for (const [name, lon, lat, degrees] of base.countryNames)
    if ((degrees * look.scale) / 57 > name.length * 9) put(name.toUpperCase(), lon, lat, `500 10px ${FONT}`, color.faint);
  pen.letterSpacing = "0px";
  const zoom = Math.log2((look.scale * 2 * Math.PI) / 256);
  if (zoom < 5) return;
  for (const [name, lon, lat, from] of base.provinceNames) {
    if (from > zoom + 1.2) break;
    put(name, lon, lat, `italic 10.5px ${FONT}`, color.fainter);
  }
}

// ── Moving ──────────────────────────────────────────────────────────────────────────────────────────────────────────
const zoom = d3.zoom().filter((event) => !event.button && (event.type !== "wheel" || true)).on("start", began).on("zoom", moved).on("end", ended);
const selection = d3.select(canvas);
/** Where a moved picture looks. */
function lookOf({ x, y, k }) {
  const at = gesture.projection.invert([(width / 2 - x) / k, (height / 2 - y) / k]);
  const next = { ...gesture.look, scale: gesture.look.scale * k };
  if (at && at.every(Number.isFinite)) [next.lon, next.lat] = at;
  return clamped(next);
}
function began() {
  gesture = { look: { ...look }, projection, moved: false };
  tip.hidden = true;
}
function moved({ transform }) {
  if (!gesture) return;
  gesture.moved = true;
  if (cost < 22 || !lastFrame) {
    look = lookOf(transform);
    redraw();
    return;
  }
  // Too much to draw in time: the picture as it was is moved, and drawn anew when the hand rests.
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = isWorld() ? colors().sheet : colors().water;
  context.fillRect(0, 0, width, height);
  context.drawImage(lastFrame, transform.x, transform.y, width * transform.k, height * transform.k);
}
function ended({ transform }) {
  if (!gesture) return;
  if (gesture.moved) look = lookOf(transform);
  const { moved: was } = gesture;
  gesture = null;
  canvas.__zoom = d3.zoomIdentity;
  limit();
  if (was) redraw();
}
function limit() {
  zoom.scaleExtent([(worldScale() * 0.9) / look.scale, CLOSEST / look.scale]);
}
let pending = 0;
function redraw() {
  cancelAnimationFrame(pending);
  pending = requestAnimationFrame(now);
}
function now() {
  projection = project(look);
  draw();
  if (cost >= 22 && !printing) {
    lastFrame ||= document.createElement("canvas");
    [lastFrame.width, lastFrame.height] = [canvas.width, canvas.height];
    lastFrame.getContext("2d").drawImage(canvas, 0, 0);
  }
  legend();
  canvas.dataset.circles = drawn.length;
}
function by(factor) {
  const target = reduced.matches || cost >= 22 ? selection : selection.transition().duration(200);
  target.call(zoom.scaleBy, factor);
}
function go(next) {
  look = clamped(next);
  limit();
  redraw();
}
const all = () => go(shown().places.length ? fit(shown().places) : home);
function resize() {
  const { width: w, height: h } = stage.getBoundingClientRect();
  if (printing || !w || !h) return;
  const was = { ...home };
  [width, height, ratio] = [w, h, Math.min(devicePixelRatio || 1, 3)];
  [canvas.width, canvas.height] = [Math.round(w * ratio), Math.round(h * ratio)];
  const isHome = look.scale === was.scale && look.lon === was.lon;
  const kept = { ...look };
  home = clamped(fit(core(shown().places)));
  look = isHome ? { ...home } : kept;
  limit();
  redraw();
}

// ── Pointing ────────────────────────────────────────────────────────────────────────────────────────────────────────
/** The smallest circle under a point, or one that is nearly there. */
function find(x, y) {
  let [best, least] = [null, Infinity];
  const reach = biggest() + 6;
  tree.visit((node, x0, y0, x1, y1) => {
    if (!node.length) {
      do {
        const d = node.data;
        const off = Math.hypot(d.x - x, d.y - y) - Math.max(d.r, 4);
        const rank = off <= 0 ? d.r - 1000 : off;
        if (off < 4 && rank < least) [best, least] = [d, rank];
      } while ((node = node.next));
    }
    return x0 > x + reach || x1 < x - reach || y0 > y + reach || y1 < y - reach;
  });
  return best;
}
function showTip(d) {
  if (!d) return void (tip.hidden = true);
  const p = d.place;
  const line = (text) => Object.assign(document.createElement("span"), { textContent: text });
  const name = Object.assign(document.createElement("strong"), { textContent: p.name });
  const facts = `${byMention ? "" : `weight ${weightText(p.weight)}, `}${amount(p.count, "mention", "mentions")} in ${amount(p.articles, "article", "articles")}`;
  tip.replaceChildren(name, line(where(p)), document.createElement("br"), line(facts));
  tip.hidden = false;
  const [w, h] = [tip.offsetWidth, tip.offsetHeight];
  tip.style.left = `${Math.max(4, Math.min(width - w - 4, d.x + d.r + 8 + w > width ? d.x - d.r - 8 - w : d.x + d.r + 8))}px`;
  tip.style.top = `${Math.max(4, Math.min(height - h - 4, d.y - h / 2))}px`;
}
function point(p) {
  if (pointed === p) return;
  pointed = p;
  showTip(p && drawn.find((d) => d.place === p));
  redraw();
}
canvas.addEventListener("pointermove", (event) => {
  if (gesture?.moved || event.buttons) return;
  const d = find(event.offsetX, event.offsetY);
  canvas.classList.toggle("over", Boolean(d));
  point(d ? d.place : null);
});
canvas.addEventListener("pointerleave", () => point(null));
canvas.addEventListener("click", (event) => {
  const d = find(event.offsetX, event.offsetY);
  if (d) select(d.place, false);
});
canvas.addEventListener("keydown", (event) => {
  const step = 80;
  const keys = {
    ArrowLeft: () => selection.call(zoom.translateBy, step, 0), ArrowRight: () => selection.call(zoom.translateBy, -step, 0),
    ArrowUp: () => selection.call(zoom.translateBy, 0, step), ArrowDown: () => selection.call(zoom.translateBy, 0, -step),
    "+": () => by(1.6), "=": () => by(1.6), "-": () => by(1 / 1.6), 0: all,
  };
  if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  keys[event.key]();
});
$("zoom-in").addEventListener("click", () => by(1.6));
$("zoom-out").addEventListener("click", () => by(1 / 1.6));
$("zoom-all").addEventListener("click", all);

// ── Legend, print, base map ─────────────────────────────────────────────────────────────────────────────────────────
let legendKey = "";
function legend() {
  const power = 10 ** Math.floor(Math.log10(fullSize));
  const top = [5, 2, 1].map((n) => n * power).find((n) => n <= fullSize * 1.001) || fullSize;
  const steps = [top, top / 5, top / 25].filter((v) => !byMention || v >= 1).map((v) => +v.toPrecision(3));
  const key = `${steps.join()}|${biggest()}`;
  if (key === legendKey) return;
  legendKey = key;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const tag = (name, attributes, text) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const k in attributes) element.setAttribute(k, attributes[k]);
    if (text) element.textContent = text;
    svg.append(element);
  };
  if (!places.length) return $("legend").replaceChildren();
  const r = radius(steps[0]);
  const tall = Math.max(2 * r, 15 * steps.length);
  svg.setAttribute("width", 250);
  svg.setAttribute("height", tall + 38);
  tag("text", { x: 0, y: 10 }, byMention ? "Mentions" : "Weight: share of each article");
  steps.forEach((value, i) => {
    const q = radius(value);
    const y = 18 + tall;
    tag("circle", { cx: r + 1, cy: y - q, r: q });
    const line = steps.length > 1 ? y - tall + 6 + (i * (tall - 12)) / (steps.length - 1) : y - q;
    tag("path", { d: `M${r + 1},${y - 2 * q}L${2 * r + 4},${line - 2}h4`, class: "leader" });
    tag("text", { x: 2 * r + 10, y: line + 2 }, byMention ? whole.format(value) : String(value));
  });
  tag("text", { x: 0, y: tall + 33 }, "Dashed: country or region, at its middle");
  $("legend").replaceChildren(svg);
}
addEventListener("beforeprint", () => {
  printing = true;
  const was = [width, height, ratio];
  [width, height, ratio] = [820, 480, 3];
  [canvas.width, canvas.height] = [width * ratio, height * ratio];
  const before = { ...look };
  look = { ...look, scale: look.scale * Math.min(width / was[0], height / was[1]) };
  if (before.scale === home.scale) look = clamped(fit(core(shown().places)));
  now();
  addEventListener("afterprint", () => {
    printing = false;
    look = before;
    resize();
  }, { once: true });
});
async function loadBase() {
  const packed = Uint8Array.from(atob($("basemap").textContent.trim()), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const map = JSON.parse(await new Response(stream).text());
  // Parts with a cap around them, so that those out of view are passed over.
  const parts = (topology, name, kind) => {
    const object = topojson.feature(topology, topology.objects[name]).geometry;
    return object.coordinates.map((coordinates) => {
      const shape = { type: kind, coordinates };
      const line = kind === "Polygon" ? coordinates[0] : coordinates;
      const at = d3.geoCentroid({ type: "LineString", coordinates: line });
      return { shape, at, size: line.reduce((most, p) => Math.max(most, d3.geoDistance(at, p)), 0) };
    });
  };
  const atlas = (t) => ({ land: parts(t, "land", "Polygon"), borders: parts(t, "borders", "LineString") });
  base = {
    world: atlas(map.world), detail: atlas(map.detail), provinces: parts(map.provinces, "provinces", "LineString"),
    countryNames: map.country_names, provinceNames: map.province_names,
  };
  $("basemap").remove();
  stage.dataset.base = "ready";
  redraw();
}
return {
  redraw,
  point,
  show(p) {
    const at = projection([p.lon, p.lat]);
    const isIn = at && at[0] > 40 && at[1] > 40 && at[0] < width - 40 && at[1] < height - 40 && drawn.some((d) => d.place === p);
    if (isIn) redraw();
    else go({ lon: p.lon, lat: p.lat, scale: Math.max(look.scale, LOCAL * worldScale()) });
  },
  start() {
    selection.call(zoom).on("dblclick.zoom", null);
    selection.on("dblclick", (event) => { selection.call(zoom.scaleBy, 2, [event.offsetX, event.offsetY]); });
    resize();
    look = { ...home };
    new ResizeObserver(resize).observe(stage);
    dark.addEventListener("change", redraw);
    setTimeout(() => loadBase().catch((error) => {
      // Without the base map, circles and list still work.
      stage.dataset.base = "failed";
      console.warn("The base map could not be unpacked: this browser is too old.", error.message);
    }));
  },
};
}

// A list as a real table. `ui/table/table.py` says what `data` holds. Texts of people are set as text, never as markup.

const FEW = 4; // columns, which fit on half a page
const pieces = new WeakMap(); // what belongs to a mounted table: its choice, and the row that the keys are on

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".list");
  const piece = pieces.get(parentElement) ?? { chosen: new Set(), at: 0 };
  pieces.set(parentElement, piece);
  const before = piece.data;
  const drawn = data.columns.filter((column) => column.kind !== "unseen"); // the others are only orders
  Object.assign(piece, { data, drawn, root, setStateValue, setTriggerValue });
  root.className = `list ${data.reorders ? "reorders" : drawn.length > FEW ? "many" : "few"}`;
  if (before && before.scope !== data.scope) piece.chosen.clear();
  if (data.reorders) return drawReordering(piece, before);
  const focused = focusIn(piece);
  root.replaceChildren(...[toolbar(piece), sorting(piece), box(piece), status(piece, before)].filter(Boolean));
  listen(piece);
  restore(piece, focused);
  if (before && before.page !== data.page) toTop(root);
}

// Elements

function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function svg(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function box(piece) {
  const { data, drawn } = piece;
  const table = el(
    "table",
    { role: "table" }, // the roles stand there because cards lose them in some browsers
    el("caption", { class: "unseen" }, data.caption),
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, chooseAll(piece), ...drawn.map((column) => heading(piece, column)))),
    el("tbody", { role: "rowgroup" }, ...data.rows.map((row, place) => line(piece, row, place))),
  );
  return el("div", { class: "box", tabindex: 0, role: "region", "aria-label": data.caption }, table);
}

function chooseAll({ data, chosen }) {
  if (!data.chooses) return null;
  const all = el("input", { type: "checkbox", "aria-label": "Select all rows on this page", "data-f": "all" });
  showAll(all, data, chosen);
  return el("td", { class: "choice", role: "cell" }, all);
}

function showAll(all, data, chosen) {
  const count = data.rows.filter((row) => chosen.has(row.id)).length;
  all.checked = count > 0 && count === data.rows.length;
  all.indeterminate = count > 0 && count < data.rows.length;
}

function heading({ data }, column) {
  const isSorted = data.sort?.key === column.key;
  const words = column.help ? { title: column.help } : {};
  const th = el("th", { scope: "col", role: "columnheader", class: column.kind, ...words });
  if (!column.sorts) {
    th.append(el("span", { class: column.hidden ? "unseen" : "" }, column.title));
    return th;
  }
  th.setAttribute("aria-sort", isSorted ? { asc: "ascending", desc: "descending" }[data.sort.order] : "none");
  const mark = isSorted ? { asc: "▲", desc: "▼" }[data.sort.order] : "↕";
  const arrow = el("span", { class: isSorted ? "arrow" : "arrow faint", "aria-hidden": "true" }, mark);
  th.append(
    el("button", { type: "button", "data-sort": column.key, "data-f": `sort ${column.key}` }, column.title, arrow),
  );
  return th;
}

function line(piece, row, place) {
  const { data, drawn, chosen } = piece;
  const tr = el("tr", { role: "row", "data-id": row.id, tabindex: place === piece.at ? 0 : -1, "data-f": `row ${row.id}` });
  if (data.chooses) {
    const name = row.name ?? row.id;
    const check = el("input", { type: "checkbox", "aria-label": `Select ${name}`, "data-f": `choose ${row.id}` });
    check.checked = chosen.has(row.id);
    tr.classList.toggle("chosen", check.checked);
    tr.append(el("td", { class: "choice", role: "cell" }, check));
  }
  drawn.forEach((column, at) => tr.append(cell(column, row.cells[at], row)));
  return tr;
}

function cell(column, value, row) {
  const isName = column.kind === "name";
  const attributes = { role: "cell", class: column.kind, "data-label": column.hidden ? null : column.title };
  const td = el(isName ? "th" : "td", isName ? { role: "rowheader", scope: "row", class: "name" } : attributes);
  const isNothing = value === null || value === undefined || value === "";
  td.append(...(isNothing ? [el("span", { class: "nothing" }, column.hidden ? "" : "-")] : CELLS[column.kind](value, row, column)));
  return td;
}

const CELLS = {
  name: (value, row) => {
    const title = value.full ?? (value.text.length > 40 ? value.text : null);
    const attributes = { class: "clamp", title };
    const href = row.href?.startsWith("/") && !row.href.startsWith("//") ? row.href : null;
    const shown = href
      ? el("a", { ...attributes, href, "data-f": `open ${row.id}` }, value.text)
      : el("span", attributes, value.text);
    return value.note ? [shown, el("span", { class: "note" }, value.note)] : [shown];
  },
  text: (value) => [el("span", { class: "clamp", title: value.length > 40 ? value : null }, value)],
  number: (value) => [value],
  time: (value) => [el("time", { datetime: value.iso, title: value.full }, value.text)],
  badge: (value) => [el("span", { class: `badge ${value.colour}` }, value.text)],
  bar: (value) => {
    const filled = el("span", { class: "filled", style: `width: ${Math.max(0, Math.min(100, Number(value.percent)))}%` });
    return [el("span", { class: "bar", "aria-hidden": "true" }, filled), el("span", { class: "beside" }, value.text)];
  },
  spark: (value) => [spark(value)],
  button: (value, row, column) => {
    const attributes = { type: "button", "data-press": column.key, "data-f": `press ${column.key} ${row.id}` };
    return [el("button", { ...attributes, "aria-label": value.full, class: "act" }, value.text)];
  },
};

function spark({ values, text }) {
  const [width, height, most] = [72, 20, Math.max(...values, 1)];
  const step = width / Math.max(values.length - 1, 1);
  const points = values.map((value, at) => `${(at * step).toFixed(1)},${(height - 1 - (value / most) * (height - 2)).toFixed(1)}`);
  const drawn = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": text });
  drawn.append(svg("polyline", { points: points.join(" "), fill: "none", stroke: "currentColor", "stroke-width": 1.5 }));
  return drawn;
}

// Above and below the table

function toolbar({ data, chosen }) {
  if (!data.chooses) return null;
  const here = data.rows.filter((row) => chosen.has(row.id)).length;
  const elsewhere = chosen.size - here;
  const said = elsewhere ? `${chosen.size} selected, ${elsewhere} on other pages` : `${chosen.size} selected`;
  const bar = el("p", { class: "toolbar" }, el("span", { role: "status" }, chosen.size ? said : ""));
  if (chosen.size) bar.append(el("button", { type: "button", class: "act", "data-clear": "1", "data-f": "clear" }, "Clear selection"));
  bar.classList.toggle("unused", !chosen.size);
  return bar;
}

// Where there is no room for headings, or where the list has orders that are no column.
function sorting({ data, drawn }) {
  const orders = data.columns.filter((column) => column.sorts);
  if (!orders.length) return null;
  const options = orders.map((column) => el("option", { value: column.key, selected: data.sort?.key === column.key }, column.title));
  if (!data.sort?.key) options.unshift(el("option", { value: "", selected: true }, "-"));
  const select = el("select", { "data-f": "orders" }, ...options);
  const isUp = data.sort?.order === "asc";
  const turn = el("button", { type: "button", class: "act", "data-turn": "1", "data-f": "turn" }, isUp ? "▲ Ascending" : "▼ Descending");
  const isAlways = orders.some((column) => !drawn.includes(column));
  return el("p", { class: isAlways ? "sorting" : "sorting narrow" }, el("label", {}, "Sort by ", select), turn);
}

function status(piece, before) {
  const { data } = piece;
  const isTurned = before?.sort && (before.sort.key !== data.sort?.key || before.sort.order !== data.sort?.order);
  const column = data.columns.find((one) => one.key === data.sort?.key);
  const words = isTurned && column ? `Sorted by ${column.title}, ${data.sort.order === "asc" ? "ascending" : "descending"}` : "";
  return el("p", { role: "status", class: "unseen" }, words);
}

// What people do

function listen(piece) {
  const { root } = piece;
  root.onclick = (event) => clicked(piece, event);
  root.onchange = (event) => changed(piece, event);
  root.onkeydown = (event) => {
    event.stopPropagation(); // else Streamlit takes r and c for its own shortcuts
    pressed(piece, event);
  };
}

function clicked(piece, event) {
  const link = event.target.closest("a");
  if (link) return follow(event, link);
  const button = event.target.closest("button");
  if (!button) return;
  const { sort, press, clear, turn } = button.dataset;
  const row = button.closest("tr[data-id]");
  if (sort) sortBy(piece, sort);
  if (turn) sortBy(piece, piece.data.sort?.key);
  if (press && row) piece.setTriggerValue("pressed", { button: press, id: row.dataset.id });
  if (clear) choose(piece, [...piece.chosen], false);
}

function follow(event, link) {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // a new tab or window
  event.preventDefault();
  open(link);
}

// One entry in the browser's history, in the same session: `st.switch_page` with parameters makes two.
function open(link) {
  history.pushState({}, "", link.getAttribute("href"));
  window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}

function sortBy({ data, setTriggerValue }, key) {
  const column = data.columns.find((one) => one.key === key);
  if (!column) return;
  const isSame = data.sort?.key === key;
  const order = isSame ? { asc: "desc", desc: "asc" }[data.sort.order] : column.sorts;
  setTriggerValue("sorted", { key, order });
}

function changed(piece, event) {
  const { target } = event;
  if (target.tagName === "SELECT") return sortBy(piece, target.value);
  if (target.dataset.f === "all") return choose(piece, piece.data.rows.map((row) => row.id), target.checked);
  const row = target.closest("tr[data-id]");
  if (row && target.type === "checkbox") choose(piece, [row.dataset.id], target.checked);
}

function choose(piece, ids, isChosen) {
  const { chosen, root, data } = piece;
  ids.forEach((id) => (isChosen ? chosen.add(id) : chosen.delete(id)));
  const focused = focusIn(piece);
  root.querySelectorAll("tr[data-id]").forEach((row) => {
    row.classList.toggle("chosen", chosen.has(row.dataset.id));
    row.querySelector(".choice input").checked = chosen.has(row.dataset.id);
  });
  const all = root.querySelector('[data-f="all"]');
  if (all) showAll(all, data, chosen);
  root.querySelector(".toolbar")?.replaceWith(toolbar(piece));
  restore(piece, focused);
  piece.setStateValue("selected", { scope: data.scope, ids: [...chosen] });
}

const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

function pressed(piece, event) {
  const row = event.target.closest("tr[data-id]");
  if (!row || event.target !== row || event.ctrlKey || event.metaKey || event.altKey) return;
  const rows = [...piece.root.querySelectorAll("tr[data-id]")];
  const at = rows.indexOf(row);
  const to = event.key === "Home" ? 0 : event.key === "End" ? rows.length - 1 : at + (STEPS[event.key] ?? 0);
  if (rows[to] && to !== at) {
    event.preventDefault();
    rows.forEach((one, place) => (one.tabIndex = place === to ? 0 : -1));
    piece.at = to;
    rows[to].focus();
  } else if (event.key === "Enter") {
    const link = row.querySelector("a");
    if (link) open(link);
  } else if (event.key === "x" && piece.data.chooses) {
    choose(piece, [row.dataset.id], !piece.chosen.has(row.dataset.id));
  }
}

// Where the reader is

function focusIn({ root }) {
  const active = root.getRootNode().activeElement;
  return active && root.contains(active) ? { name: active.dataset.f, left: root.querySelector(".box")?.scrollLeft } : null;
}

function restore({ root }, focused) {
  if (!focused) return;
  const again = focused.name && root.querySelector(`[data-f="${CSS.escape(focused.name)}"]`);
  (again || root.querySelector(".box"))?.focus({ preventScroll: true });
  if (focused.left) root.querySelector(".box").scrollLeft = focused.left;
}

function toTop(root) {
  root.scrollIntoView({ block: "start" });
}

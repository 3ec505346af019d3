// The same table in the mode for changing the order: by the handle of a row, or of several selected rows together.

const PAGE = 10; // places that Page Up and Page Down move

function drawReordering(piece, before) {
  const { data, root } = piece;
  const given = data.rows.map((row) => row.id);
  const isSame = before && String(before.rows.map((row) => row.id)) === String(given);
  if (!isSame) Object.assign(piece, { order: given, chosen: new Set(), moving: null });
  const focused = focusIn(piece);
  const help = "Drag a handle, or press Space on it and move it with the arrow keys. Select several rows to move them together.";
  root.replaceChildren(
    el("p", { class: "note", id: "how" }, help),
    box(piece),
    el("p", { role: "status", "aria-live": "assertive", class: "unseen said" }),
    footer(),
  );
  for (const row of root.querySelectorAll("tr[data-id]")) row.querySelector(".choice")?.after(handle(piece, row));
  root.querySelector("thead .choice").after(el("th", { scope: "col", role: "columnheader", class: "place" }, "Place"));
  place(piece);
  listenForMoves(piece);
  restore(piece, focused);
}

function handle(piece, row) {
  const name = piece.data.rows.find((one) => one.id === row.dataset.id).name;
  const words = { "aria-label": `Move ${name}`, "aria-pressed": "false", "aria-describedby": "how" };
  const button = el("button", { type: "button", class: "handle", "data-f": `move ${row.dataset.id}`, ...words }, "⠿");
  return el("td", { class: "place", role: "cell" }, button, el("span", { class: "nth" }));
}

function footer() {
  const to = el("input", { type: "number", min: 1, step: 1, inputmode: "numeric", "data-f": "to" });
  return el(
    "div",
    { class: "footer" },
    el("label", {}, "Move selected to place ", to),
    el("button", { type: "button", class: "act", "data-do": "move", "data-f": "do move" }, "Move"),
    el("span", { class: "gap" }),
    el("button", { type: "button", class: "act", "data-do": "undo", "data-f": "do undo" }, "Undo all"),
    el("button", { type: "button", class: "main", "data-do": "save", "data-f": "do save" }, "Save order"),
  );
}

// Show the rows as they are in `piece.order`. The rows that are being moved stay where they are, and the others go around
// them: an element that is put elsewhere loses the pointer and the focus.
function place(piece) {
  const { root, data, order, chosen } = piece;
  const rows = new Map([...root.querySelectorAll("tr[data-id]")].map((row) => [row.dataset.id, row]));
  const block = new Set(piece.moving?.block ?? []);
  if (String([...rows.keys()]) !== String(order)) {
    const [body, active] = [root.querySelector("tbody"), root.getRootNode().activeElement];
    const first = rows.get(piece.moving?.block[0]) ?? null;
    let isBehind = first === null;
    for (const id of order) {
      if (block.has(id)) isBehind = true;
      else body.insertBefore(rows.get(id), isBehind ? null : first);
    }
    if (active && root.contains(active)) active.focus({ preventScroll: true });
  }
  order.forEach((id, at) => (rows.get(id).querySelector(".nth").textContent = at + 1));
  rows.forEach((row, id) => {
    row.classList.toggle("moving", block.has(id));
    row.querySelector(".handle").setAttribute("aria-pressed", block.has(id) ? "true" : "false");
  });
  const isChanged = String(order) !== String(data.rows.map((row) => row.id));
  root.querySelector('[data-do="save"]').disabled = !isChanged;
  root.querySelector('[data-do="undo"]').disabled = !isChanged;
  root.querySelector('[data-do="move"]').disabled = !chosen.size;
}

// Put the block in front of what is now at this place among the others; true if anything moved.
function moveTo(piece, block, at) {
  const among = new Set(block);
  const others = piece.order.filter((id) => !among.has(id));
  const to = Math.max(0, Math.min(others.length, at));
  const moved = [...others.slice(0, to), ...piece.order.filter((id) => among.has(id)), ...others.slice(to)];
  if (String(moved) === String(piece.order)) return false;
  piece.order = moved;
  place(piece);
  return true;
}

function blockOf({ chosen, order }, id) {
  return chosen.has(id) ? order.filter((one) => chosen.has(one)) : [id];
}

function say(piece, block, ending = "") {
  const first = piece.order.indexOf(block[0]) + 1;
  const name = piece.data.rows.find((row) => row.id === block[0]).name;
  const what = block.length > 1 ? `${block.length} rows, from place ${first}` : `${name}, place ${first}`;
  piece.root.querySelector(".said").textContent = `${what} of ${piece.order.length}${ending}`;
}

function listenForMoves(piece) {
  const { root } = piece;
  root.onclick = (event) => asked(piece, event.target.closest("button")?.dataset.do);
  root.onchange = (event) => {
    if (event.target.type !== "checkbox") return;
    const row = event.target.closest("tr[data-id]");
    const ids = row ? [row.dataset.id] : piece.order;
    ids.forEach((id) => (event.target.checked ? piece.chosen.add(id) : piece.chosen.delete(id)));
    for (const one of root.querySelectorAll("tr[data-id]")) {
      one.querySelector(".choice input").checked = piece.chosen.has(one.dataset.id);
      one.classList.toggle("chosen", piece.chosen.has(one.dataset.id));
    }
    showAll(root.querySelector('[data-f="all"]'), piece.data, piece.chosen);
    place(piece);
  };
  root.onkeydown = (event) => {
    event.stopPropagation();
    if (event.target.classList.contains("handle")) byKey(piece, event);
    else if (event.target.dataset.f === "to" && event.key === "Enter") asked(piece, "move");
  };
  root.onpointerdown = (event) => {
    if (event.target.classList.contains("handle") && !event.button) drag(piece, event);
  };
}

function asked(piece, what) {
  const { root, data, chosen } = piece;
  if (what === "undo") {
    piece.order = data.rows.map((row) => row.id);
    place(piece);
    root.querySelector(".said").textContent = "The order is as it was.";
    root.querySelector(".box").focus({ preventScroll: true });
  }
  if (what === "move") {
    const to = root.querySelector('[data-f="to"]').valueAsNumber;
    const block = piece.order.filter((id) => chosen.has(id));
    if (Number.isFinite(to) && block.length && moveTo(piece, block, to - 1)) say(piece, block);
    root.querySelector("tr.chosen")?.scrollIntoView({ block: "nearest" });
  }
  if (what === "save") piece.setTriggerValue("ordered", piece.order);
}

function byKey(piece, event) {
  const id = event.target.closest("tr").dataset.id;
  const { moving } = piece;
  if (event.key === " " || event.key === "Enter") {
    event.preventDefault();
    const block = blockOf(piece, id);
    piece.moving = moving ? null : { block, from: piece.order };
    place(piece);
    say(piece, block, moving ? ", dropped." : ", taken. Move with the arrow keys, drop with Space.");
  } else if (event.key === "Escape" && moving) {
    event.preventDefault();
    Object.assign(piece, { order: moving.from, moving: null });
    place(piece);
    say(piece, moving.block, ", put back.");
  } else if (moving) {
    const at = piece.order.indexOf(moving.block[0]);
    const among = new Set(moving.block);
    const before = piece.order.slice(0, at).filter((one) => !among.has(one)).length;
    const to = { ArrowUp: before - 1, ArrowDown: before + 1, PageUp: before - PAGE, PageDown: before + PAGE, Home: 0, End: Infinity }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    moveTo(piece, moving.block, to);
    event.target.scrollIntoView({ block: "nearest" });
    say(piece, moving.block);
  }
}

function drag(piece, event) {
  const handle = event.target;
  const area = piece.root.querySelector(".box");
  let height = event.clientY;
  piece.moving = { block: blockOf(piece, handle.closest("tr").dataset.id), from: piece.order };
  handle.setPointerCapture(event.pointerId);
  place(piece);
  const follow = () => {
    if (!piece.moving) return;
    const edge = area.getBoundingClientRect();
    if (height < edge.top + 40) area.scrollTop -= 8;
    if (height > edge.bottom - 40) area.scrollTop += 8;
    const among = new Set(piece.moving.block);
    const others = [...area.querySelectorAll("tr[data-id]")].filter((row) => !among.has(row.dataset.id));
    moveTo(piece, piece.moving.block, others.filter((row) => middle(row) < height).length);
    requestAnimationFrame(follow);
  };
  const end = (isKept) => {
    if (!piece.moving) return;
    const { block, from } = piece.moving;
    if (!isKept) piece.order = from;
    piece.moving = null;
    place(piece);
    say(piece, block);
    handle.focus({ preventScroll: true });
  };
  handle.onpointermove = (moved) => (height = moved.clientY);
  handle.onpointerup = () => end(true);
  handle.onpointercancel = () => end(false);
  requestAnimationFrame(follow);
}

function middle(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}

// Draws the choice of files and the list of uploads that sending.js, above it in the same module, sends.

const roots = new WeakMap(); // what belongs to a mounted component
const POLL = 2_000;

function size(bytes) {
    if (bytes < 1024 ** 2) return `${Math.ceil(bytes / 1024)} KB`;
    return bytes < 1024 ** 3 ? `${(bytes / 1024 ** 2).toFixed(1)} MB` : `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}

function left(one) {
    const rate = (one.sent - (one.first ?? one.sent)) / (performance.now() - one.began);
    if (!(rate > 0)) return "";
    const minutes = Math.ceil((one.file.size - one.sent) / rate / 60_000);
    return minutes > 90 ? `, about ${Math.round(minutes / 60)} hours left` : `, about ${minutes} min left`;
}

function element(name, className, text = "") {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.textContent = text;
    return made;
}

function button(text, label, onclick, className = "") {
    const made = element("button", className, text);
    made.type = "button";
    made.setAttribute("aria-label", label);
    made.onclick = onclick;
    return made;
}

function picker(text, label, accept, several, onfiles, className) {
    const made = element("label", className, text);
    const input = Object.assign(document.createElement("input"), { type: "file", accept, multiple: several });
    input.setAttribute("aria-label", label);
    input.onchange = () => { onfiles([...input.files]); input.value = ""; };
    made.append(input);
    return made;
}

async function announce(chosen, headBytes, setTriggerValue) {
    const told = [];
    for (const file of chosen) {
        const head = new Uint8Array(await file.slice(0, headBytes).arrayBuffer().catch(() => new ArrayBuffer(0)));
        const token = `${Date.now()}-${Math.random()}`;
        files.set(token, file);
        const hex = [...head].map((byte) => byte.toString(16).padStart(2, "0")).join("");
        told.push({ token, name: file.name, size: file.size, modified: file.lastModified, head: hex });
    }
    if (told.length) setTriggerValue("chosen", told);
}

function drawChoice(root, data, setTriggerValue) {
    const onfiles = (chosen) => announce(data.several ? chosen : chosen.slice(0, 1), data.headBytes, setTriggerValue);
    const zone = element("div", "zone");
    const what = data.several ? "Choose files" : "Choose file";
    zone.append(
        element("span", "", data.drop),
        picker(what, what, data.accept, data.several, onfiles, "pick primary"),
        element("span", "quiet", data.hint),
    );
    zone.ondragover = (event) => { event.preventDefault(); zone.classList.add("over"); };
    zone.ondragleave = () => zone.classList.remove("over");
    zone.ondrop = (event) => {
        event.preventDefault();
        zone.classList.remove("over");
        onfiles([...event.dataTransfer.files]);
    };
    root.replaceChildren(zone);
}

const isSame = (row, file) => file.name === row.fileName && file.size === row.fileBytes && file.lastModified === row.modifiedMs;

function goOn(row, file, place) {
    if (!isSame(row, file)) {
        place.wrong = `This is another file. Choose “${row.fileName}” (${size(row.fileBytes)}), or cancel this upload.`;
        return place.draw();
    }
    begin(row, file);
}

function begin(row, file) {
    const one = new Sending(row, file);
    sending.set(row.id, one);
    one.run();
}

function stateOf(row, one, place) {
    if (row.status === "failed") return row.error;
    if (row.status !== "receiving" || one?.state === "received") return "Has arrived, and is being processed.";
    if (!one) return place.wrong || `${percent(row.arrivedBytes, row.fileBytes)} of ${size(row.fileBytes)} has arrived. `
        + `Choose “${row.fileName}” again to go on.`;
    const far = `${percent(one.sent, one.file.size)} of ${size(one.file.size)}`;
    if (one.state === "failed") return one.error;
    if (one.state === "paused") return `${far}, paused`;
    if (one.state === "waiting") return `${far}. Waiting for the network; it goes on by itself.`;
    return far + left(one);
}

function actionsOf(row, one, place, data, setTriggerValue) {
    const made = [];
    if (row.status === "receiving" && !one?.state.startsWith("received")) {
        if (!one || one.state === "failed") {
            made.push(picker("Choose file", `Choose the file of ${row.title}`, data.accept, false,
                ([file]) => file && goOn(row, file, place), "pick primary"));
        } else if (one.state === "paused") {
            made.push(button("Resume", `Resume ${row.title}`, () => one.resume(), "primary"));
        } else {
            made.push(button("Pause", `Pause ${row.title}`, () => one.pause()));
        }
    }
    if (row.status === "failed" && row.canReplace) made.push(button("Replace file", `Replace the file of ${row.title}`, () => setTriggerValue("replaced", row.id)));
    if (row.canRetry) made.push(button("Try again", `Try again with ${row.title}`, () => setTriggerValue("retried", row.id), "primary"));
    if (row.canCancel && one?.state !== "received") {
        const what = row.status === "failed" ? "Remove" : "Cancel";
        made.push(button(place.asked ? `${what} for good?` : what, `${what} ${row.title}`, () => {
            if (!place.asked) { place.asked = true; return place.draw(); }
            if (one) { one.become("cancelled"); one.abort?.abort(); sending.delete(row.id); drawPill(); }
            setTriggerValue("cancelled", row.id);
        }));
    }
    return made;
}

// Only what has changed is made again: a button that somebody is about to press stays where it is.
function drawRow(row, place, data, setTriggerValue) {
    const one = sending.get(row.id);
    const looks = JSON.stringify([row, one?.state, one?.error, place.asked, place.wrong]);
    if (place.looks !== looks) Object.assign(place, { looks, made: makeRow(row, one, place, data, setTriggerValue) });
    if (row.status === "receiving" && one?.state !== "received") {
        place.bar.max = row.fileBytes || 1;
        place.bar.value = one ? one.sent : row.arrivedBytes;
    }
    const words = stateOf(row, one, place);
    if (place.state.textContent !== words) place.state.textContent = words;
    return place.made;
}

function makeRow(row, one, place, data, setTriggerValue) {
    const made = element("div", row.status === "failed" || one?.state === "failed" ? "row failed" : "row");
    const actions = element("div", "actions");
    actions.append(...actionsOf(row, one, place, data, setTriggerValue));
    made.append(element("div", "name", row.title), actions);
    if (row.status !== "failed") {
        place.bar = element("progress");
        place.bar.setAttribute("aria-label", `Upload of ${row.title}`);
        made.append(place.bar);
    }
    place.state = element("div", "state quiet");
    made.append(place.state);
    if (row.note && row.status !== "failed") made.append(element("div", "state quiet", row.note));
    return made;
}

function drawList(root, data, setTriggerValue) {
    const known = roots.get(root) ?? new Map();
    roots.set(root, known);
    const draw = () => {
        const focused = root.getRootNode().activeElement?.getAttribute("aria-label");
        const rows = data.uploads.map((row) => {
            const place = known.get(row.id) ?? {};
            known.set(row.id, Object.assign(place, { draw }));
            return drawRow(row, place, data, setTriggerValue);
        });
        if (rows.length === root.children.length && rows.every((row, place) => row === root.children[place])) return;
        root.replaceChildren(...rows);
        if (focused) [...root.querySelectorAll("[aria-label]")].find((one) => one.getAttribute("aria-label") === focused)?.focus();
    };
    for (const row of data.uploads) {
        const one = sending.get(row.id);
        if (one) one.query = row.query;
        else if (row.status === "receiving" && files.has(row.token)) begin(row, files.get(row.token));
    }
    lists.set(root, draw);
    draw();
    drawPill();
    return poll(data, setTriggerValue);
}

// A worker looks into what has arrived: ask until that has ended, and let the page say how.
function poll(data, setTriggerValue) {
    const timer = setInterval(async () => {
        for (const row of data.uploads) {
            const hasArrived = row.status === "received" || row.status === "processing" || sending.get(row.id)?.state === "received";
            if (!hasArrived || row.status === "failed") continue;
            const told = await fetch(`${row.path}?${row.query}`).then((answer) => answer.json(), () => ({}));
            if (told.status === "completed" || told.status === "failed") {
                clearInterval(timer);
                sending.delete(row.id);
                setTriggerValue("ended", row.id);
                return;
            }
        }
    }, POLL);
    return () => clearInterval(timer);
}

const cleanups = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
    const root = parentElement.querySelector(".uploads");
    root.onkeydown = (event) => event.stopPropagation(); // Streamlit's shortcuts are not meant here
    cleanups.get(root)?.();
    if (data.mode === "choose") drawChoice(root, data, setTriggerValue);
    else cleanups.set(root, drawList(root, data, setTriggerValue));
    return () => {
        cleanups.get(root)?.();
        lists.delete(root);
        drawPill();
    };
}

// Sends files in parts, and joined with upload.js, which draws them, it is one module. It is evaluated once per document:
// what it holds outlives reruns and page changes, so that sending goes on while its component is not on the page. A reload
// ends it; the same file, chosen again, goes on.

const files = new Map(); // token → File that was chosen in this tab
const sending = new Map(); // id of an upload → Sending
const lists = new Map(); // root of a list on the page → how to draw it again
const LANES = 2, LONGEST_PAUSE = 30_000, FINAL = [403, 404, 409, 413, 422];

class Refused extends Error {}

class Sending {
    constructor(row, file) {
        Object.assign(this, { id: row.id, title: row.title, path: row.path, query: row.query, file });
        Object.assign(this, { state: "sending", sent: 0, error: "", abort: null, turn: 0, began: performance.now(), first: null });
    }

    async run() {
        const turn = (this.turn += 1); // whoever pauses and resumes begins another one
        for (let tries = 0; turn === this.turn && (this.state === "sending" || this.state === "waiting"); ) {
            const before = this.sent;
            try {
                this.abort = new AbortController();
                await this.send();
                this.become("received");
            } catch (error) {
                if (turn !== this.turn || this.state === "paused" || this.state === "cancelled") return;
                if (error instanceof Refused) return this.become("failed", error.message);
                if (!(await readable(this.file))) {
                    return this.become("failed", "The file was moved or changed. Choose it again.");
                }
                tries = this.sent > before ? 0 : tries + 1;
                this.become("waiting");
                await pause(Math.min(LONGEST_PAUSE, 1000 * 2 ** tries));
                if (turn === this.turn && this.state === "waiting") this.become("sending");
            }
        }
    }

    async send() {
        const told = await (await this.ask("")).json();
        if (told.status !== "receiving") return;
        const present = new Set(told.present);
        const size = (number) => Math.min(told.partBytes, this.file.size - number * told.partBytes);
        const missing = [];
        this.sent = 0;
        for (let number = 0; number * told.partBytes < this.file.size; number += 1) {
            if (present.has(number)) this.sent += size(number);
            else missing.push(number);
        }
        this.first ??= this.sent;
        this.become("sending");
        const lane = async () => {
            while (missing.length) {
                const number = missing.shift();
                const start = number * told.partBytes;
                await this.ask(`/parts/${number}`, { method: "PUT", body: this.file.slice(start, start + size(number)) });
                this.sent += size(number);
                this.changed();
            }
        };
        try {
            await Promise.all(Array.from({ length: LANES }, lane));
        } catch (error) {
            this.abort.abort();
            throw error;
        }
        await this.ask("/complete", { method: "POST" });
    }

    async ask(below, options = {}) {
        const answer = await fetch(`${this.path}${below}?${this.query}`, { ...options, signal: this.abort.signal });
        if (answer.ok) return answer;
        if (!FINAL.includes(answer.status)) throw new Error(String(answer.status));
        throw new Refused((await answer.json().catch(() => ({}))).detail ?? "The server refused the file.");
    }

    pause() {
        this.become("paused");
        this.abort?.abort();
    }

    resume() {
        Object.assign(this, { began: performance.now(), first: null });
        this.become("sending");
        this.run();
    }

    become(state, error = "") {
        this.state = state;
        this.error = error;
        this.changed();
    }

    changed() {
        for (const draw of lists.values()) draw();
        drawPill();
    }

    get isUnderWay() {
        return this.state === "sending" || this.state === "waiting" || this.state === "paused";
    }
}

const readable = (file) => file.slice(0, 1).arrayBuffer().then(() => true, () => false);

function pause(milliseconds) {
    return new Promise((done) => {
        const timer = setTimeout(done, milliseconds);
        addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
    });
}

addEventListener("beforeunload", (event) => {
    if ([...sending.values()].some((one) => one.isUnderWay)) event.preventDefault();
});

// While no list is on the page, a line in the corner says that sending goes on.
function drawPill() {
    const shown = [...sending.values()].filter((one) => one.isUnderWay);
    let pill = document.getElementById("upload-pill");
    if (!shown.length || lists.size) return pill?.remove();
    if (!pill) {
        pill = document.createElement("div");
        pill.id = "upload-pill";
        pill.setAttribute("role", "status");
        pill.setAttribute("aria-live", "off");
        const app = getComputedStyle(document.querySelector("[data-testid=stApp]") ?? document.body);
        pill.style.cssText = "position:fixed;right:1rem;bottom:1rem;z-index:999;padding:.5rem .9rem;border-radius:.5rem;"
            + `border:1px solid currentColor;font:14px ${app.fontFamily};background:${app.backgroundColor};color:${app.color}`;
        document.body.append(pill);
    }
    const [sent, all] = shown.reduce(([a, b], one) => [a + one.sent, b + one.file.size], [0, 0]);
    const what = shown.length === 1 ? `“${shown[0].title}”` : `${shown.length} files`;
    const how = shown.every((one) => one.state === "paused") ? "Paused" : shown.every((one) => one.state === "waiting")
        ? "Waiting for the network" : "Uploading";
    pill.textContent = `${how}: ${what}, ${percent(sent, all)}`;
}

const percent = (part, all) => `${all ? Math.floor((100 * part) / all) : 0}%`;

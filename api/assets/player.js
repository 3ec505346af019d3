// Tells the Creator Dashboard which stretches of a video are played. See docs/events.md.
//
//   <script src="https://dashboard.example/api/ingest/v1/player.js" data-key="cdk_…" data-student="TOKEN"></script>
//   <video src="loops.mp4" controls data-video="loops"></video>
//
// Other players: CreatorDashboard.watch(player, "loops"), with a player of video.js, YouTube (YT.Player) or Vimeo.
// It sets no cookies. What is not sent yet is in localStorage, without the student's name.
(() => {
  "use strict";
  const script = document.currentScript;
  const address = new URL("batch", script.src).href;
  const { key, student, anonymous } = script.dataset;
  const SECONDS = 10; // the longest stretch, and how long events wait for others
  const KEPT = 500, SLICE = 25, SLICE_BYTES = 48_000; // events; a beacon may have 64 KB
  const TAB_IS_GONE = 60_000, FORGOTTEN = 30 * 86_400_000; // milliseconds
  const PREFIX = "creator-dashboard:";

  const viewer = student || anonymous === undefined ? null : anonymousId();
  let token = student, mine, name; // of this viewer's queues, and of this tab's: nobody sends the queue of another
  let queue = [], failures = 0, timer = null, isSending = false;

  // --- the queue -------------------------------------------------------------------------------------------------

  function identify(renewed) {
    token = renewed;
    const whose = `${PREFIX}queue:${hash(token ? token.split(".")[0] : viewer)}:`;
    failures = 0;
    if (whose === mine) return later(0);
    [mine, name, queue] = [whose, whose + newId(), []]; // that of another student stays in the storage
    return adopt();
  }

  function add(event) {
    queue.push(event);
    queue.splice(0, queue.length - KEPT); // the oldest go first
    keep();
    if (timer === null) later(SECONDS);
  }

  function keep() {
    try {
      if (queue.length) localStorage.setItem(name, JSON.stringify({ at: Date.now(), events: queue }));
      else localStorage.removeItem(name);
      sessionStorage.setItem(PREFIX + "tab", name);
    } catch { /* no storage, or a full one: the queue is in memory */ }
  }

  function adopt(ofThisTab) {
    // Queues of tabs that were closed. If one is alive after all, its events arrive twice, and count once.
    try {
      for (const other of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX + "queue:") && one !== name)) {
        const { at, events } = JSON.parse(localStorage.getItem(other)) || {};
        const age = Date.now() - at;
        if (!events) continue;
        if (other.startsWith(mine) && (other === ofThisTab || age > TAB_IS_GONE)) queue = [...events, ...queue].slice(-KEPT);
        else if (age < FORGOTTEN) continue;
        localStorage.removeItem(other);
      }
    } catch { /* no storage */ }
    keep();
    if (queue.length && timer === null) later(1);
  }

  function slices() {
    const found = [];
    let slice = [], bytes = 0;
    for (const event of queue) {
      const size = new TextEncoder().encode(JSON.stringify(event)).length + 1;
      if (slice.length === SLICE || bytes + size > SLICE_BYTES) { found.push(slice); slice = []; bytes = 0; }
      slice.push(event);
      bytes += size;
    }
    return slice.length ? [...found, slice] : found;
  }

  // --- sending ---------------------------------------------------------------------------------------------------

  function body(events) {
    const who = token ? { student: token } : { anonymous: viewer };
    return JSON.stringify({ key, sentAt: new Date().toISOString(), ...who, events });
  }

  function later(seconds) {
    clearTimeout(timer);
    timer = setTimeout(() => { timer = null; send(); }, 1000 * seconds);
  }

  async function send() {
    if (isSending || !queue.length) return;
    isSending = true;
    const [slice] = slices();
    let wait = 0;
    try {
      const answer = await fetch(address, {
        method: "POST", body: body(slice), headers: { "Content-Type": "text/plain" }, keepalive: true, credentials: "omit",
      });
      wait = (await isOver(answer)) ? -1 : Number(answer.headers.get("Retry-After")) || 0;
    } catch { /* no network, or no answer that this page may read */ }
    if (wait < 0) {
      const ids = new Set(slice.map((event) => event.id));
      queue = queue.filter((event) => !ids.has(event.id));
      failures = 0;
      keep();
    } else failures += 1;
    isSending = false;
    if (queue.length) later(failures ? Math.max(wait, Math.min(300, 2 ** (failures - 1)) * (0.5 + Math.random())) : 0);
  }

  async function isOver(answer) {
    if (answer.ok) return true;
    const told = await answer.json().catch(() => ({}));
    if (told.code === "expired_token") { failures = 8; return false; } // until the page sets a new one
    if (answer.status >= 500 || answer.status === 429) return false;
    console.warn(`Creator Dashboard: ${told.detail || answer.status}`);
    return true; // sending it again would not help
  }

  function beacon() {
    // Nobody learns whether a beacon arrives, so the events stay in the queue until an answer says so.
    for (const slice of slices()) navigator.sendBeacon(address, new Blob([body(slice)], { type: "text/plain" }));
  }

  // --- watching --------------------------------------------------------------------------------------------------

  const watching = new Set();

  function watch(player, video) {
    const session = newId();
    let seq = 0, open = null, last = 0, lastAt = 0;
    const read = READERS.find(([is]) => is(player))[1](player, sample);

    function close(to, duration) {
      const { at, from, rate } = open;
      open = null;
      if (to - from < 0.25) return;
      const known = Number.isFinite(duration) && duration > 0 ? { duration: rounded(duration) } : {};
      add({
        id: newId(), type: "watched", at: new Date(at).toISOString(), video, from: rounded(from), to: rounded(to), rate,
        session, seq: seq++, ...known,
      });
    }

    function sample(isSeeking = false) {
      const { position, isPlaying, rate, duration } = read(), now = Date.now();
      if (open) {
        const elapsed = (now - lastAt) / 1000, moved = position - last;
        if (isSeeking || moved < -0.5 || moved > elapsed * open.rate + 1.5) close(last, duration);
        else if (!isPlaying || rate !== open.rate || elapsed > 5 || now - open.at >= 1000 * SECONDS) close(position, duration);
      }
      if (!open && isPlaying && !isSeeking) open = { at: now, from: position, rate };
      last = position;
      lastAt = now;
    }

    function cut() { // what was played so far becomes an event, and playing goes on
      sample();
      if (open) { close(last, read().duration); sample(); }
    }

    watching.add(cut);
    const clock = setInterval(sample, 500);
    sample();
    return () => { cut(); clearInterval(clock); watching.delete(cut); };
  }

  // How each kind of player says where it is; it calls `sample` whenever something changes.
  const READERS = [
    [(player) => player instanceof HTMLMediaElement, (player, sample) => {
      for (const event of ["playing", "pause", "seeking", "seeked", "ratechange", "ended", "timeupdate"])
        player.addEventListener(event, () => sample(event === "seeking"));
      return () => ({
        position: player.currentTime, isPlaying: !player.paused && !player.ended && !player.seeking,
        rate: player.playbackRate, duration: player.duration,
      });
    }],
    [(player) => typeof player.getPlayerState === "function", (player, sample) => { // YouTube
      for (const event of ["onStateChange", "onPlaybackRateChange"]) player.addEventListener(event, () => sample());
      return () => ({
        position: player.getCurrentTime(), isPlaying: player.getPlayerState() === 1,
        rate: player.getPlaybackRate(), duration: player.getDuration(),
      });
    }],
    [(player) => typeof player.currentTime === "function", (player, sample) => { // video.js
      for (const event of ["playing", "pause", "seeking", "seeked", "ratechange", "ended", "timeupdate"])
        player.on(event, () => sample(event === "seeking"));
      return () => ({
        position: player.currentTime(), isPlaying: !player.paused() && !player.ended() && !player.seeking(),
        rate: player.playbackRate(), duration: player.duration(),
      });
    }],
    [() => true, (player, sample) => { // Vimeo: it answers later, so its events are remembered
      const state = { position: 0, isOn: false, isWaiting: false, rate: 1, duration: NaN };
      const changes = {
        play: () => ({ isOn: true }), pause: () => ({ isOn: false }), ended: () => ({ isOn: false }),
        bufferstart: () => ({ isWaiting: true }), bufferend: () => ({ isWaiting: false }),
        seeking: () => ({}), seeked: () => ({}), timeupdate: () => ({}),
        playbackratechange: ({ playbackRate }) => ({ rate: playbackRate }),
      };
      for (const [event, change] of Object.entries(changes))
        player.on(event, (told = {}) => {
          const { seconds: position = state.position, duration = state.duration } = told;
          Object.assign(state, { position, duration }, change(told));
          sample(event === "seeking");
        });
      player.getCurrentTime().then((position) => { state.position = position; });
      player.getPlaybackRate().then((rate) => { state.rate = rate; });
      player.getPaused().then((isPaused) => { state.isOn = !isPaused; });
      return () => ({ ...state, isPlaying: state.isOn && !state.isWaiting });
    }],
  ];

  // --- small things ----------------------------------------------------------------------------------------------

  function newId() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function anonymousId() {
    try {
      const known = localStorage.getItem(PREFIX + "anonymous") || newId();
      localStorage.setItem(PREFIX + "anonymous", known);
      return known;
    } catch { return newId(); }
  }

  function hash(text) {
    let found = 5381;
    for (const character of text) found = (33 * found + character.codePointAt(0)) % 4_294_967_296;
    return found.toString(36);
  }

  function rounded(seconds) { return Math.round(100 * seconds) / 100; }

  // --- the page --------------------------------------------------------------------------------------------------

  if (!key || !(token || viewer)) {
    console.warn("Creator Dashboard: nothing is sent without data-key, and data-student or data-anonymous.");
    window.CreatorDashboard = { watch: () => () => {} };
    return;
  }
  let ofThisTab = null;
  try { ofThisTab = sessionStorage.getItem(PREFIX + "tab"); } catch { /* no storage */ }
  identify(student);
  adopt(ofThisTab);
  setInterval(adopt, 1000 * SECONDS);

  function leave() {
    watching.forEach((cut) => cut());
    beacon();
  }
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? leave() : later(0)));
  document.addEventListener("freeze", leave);
  addEventListener("pagehide", leave);
  addEventListener("online", () => { failures = 0; later(0); });

  window.CreatorDashboard = {
    watch,
    set student(renewed) { identify(renewed); },
  };
  const tagged = () => document.querySelectorAll("video[data-video]").forEach((video) => watch(video, video.dataset.video));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", tagged);
  else tagged();
})();

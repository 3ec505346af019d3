// How long ago the figures were brought up to date, counted on while the page stays open.
const UNITS = [[86400, "day", "days"], [3600, "h", "h"], [60, "min", "min"], [1, "s", "s"]];
const ticking = new WeakMap();

function ago(seconds) {
  const [size, one, several] = UNITS.find(([size]) => seconds >= size) ?? UNITS.at(-1);
  const count = Math.max(Math.floor(seconds / size), 0);
  return `${count} ${count === 1 ? one : several} ago`;
}

export default function ({ data, parentElement }) {
  clearInterval(ticking.get(parentElement));
  // The server's clock says how old the figures are; the browser's may be wrong, and only counts on from here.
  const drawn = performance.now();
  const time = parentElement.querySelector("time");
  const show = () => {
    time.textContent = `Updated ${ago(data.age_seconds + (performance.now() - drawn) / 1000)}`;
  };
  time.dateTime = data.at;
  time.title = data.exactly;
  show();
  ticking.set(parentElement, setInterval(show, 1000));
  return () => clearInterval(ticking.get(parentElement));
}

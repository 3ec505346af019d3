// Streamlit follows a link to the page that is open without writing its parameters into the address: neither the way
// back nor a reload would know of them. So a plain click on one is a step in the browser's history, as any other link is.
const LINK = 'a[data-testid="stPageLink-NavLink"]';

function follow(event) {
  const link = event.target.closest?.(LINK);
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !isPlain || event.defaultPrevented) return;
  const to = new URL(link.href, document.baseURI);
  if (to.origin !== location.origin || to.pathname !== location.pathname || to.search === location.search) return;
  event.preventDefault();
  event.stopPropagation();
  history.pushState({}, "", to.pathname + to.search);
  window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}

document.addEventListener("click", follow, true); // before Streamlit hears of it

export default function () {}

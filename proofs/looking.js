// What is wrong with the page as it is shown, in words: too wide, an exception, text that is cut and said nowhere else.
() => {
  const found = [];
  const main = document.querySelector("[data-testid=stMain]");
  const wider = Math.max(document.documentElement.scrollWidth - innerWidth, main ? main.scrollWidth - main.clientWidth : 0);
  if (wider > 0) found.push(`wider than the screen by ${wider} pixels`);
  for (const box of document.querySelectorAll("[data-testid=stException]")) found.push(`exception: ${box.innerText.slice(0, 200)}`);

  function* elements(root) {
    for (const one of root.querySelectorAll("*")) {
      yield one;
      if (one.shadowRoot) yield* elements(one.shadowRoot);
    }
  }
  const parent = (one) => one.assignedSlot ?? one.parentElement ?? one.getRootNode().host ?? null;
  const isShown = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true });

  function isCut(one, text) {
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) return false;
    for (let above = one; above && above !== main; above = parent(above)) {
      const style = getComputedStyle(above);
      const room = above.getBoundingClientRect();
      if (style.clipPath !== "none" || room.width <= 1) return false; // for those who listen only
      if (["auto", "scroll"].includes(style.overflowX)) return false;
      if (["hidden", "clip"].includes(style.overflowX) && (box.right > room.right + 1.5 || box.left < room.left - 1.5)) {
        return !saidElsewhere(one, text.textContent.trim());
      }
    }
    return false;
  }
  // On hover, or in a name for those who listen.
  function saidElsewhere(one, words) {
    for (let above = one; above && above !== main; above = parent(above)) {
      const named = [above.getAttribute("title"), above.getAttribute("aria-label")];
      if (named.some((name) => name?.includes(words))) return true;
    }
    return false;
  }

  for (const one of elements(document.querySelector("[data-testid=stApp]") ?? document.body)) {
    if (one.closest("svg, canvas, iframe, style, script")) continue;
    for (const text of one.childNodes) {
      if (text.nodeType !== Node.TEXT_NODE || !text.textContent.trim() || !isShown(one)) continue;
      if (isCut(one, text)) found.push(`cut: ${text.textContent.trim().slice(0, 80)}`);
    }
  }
  return [...new Set(found)];
}

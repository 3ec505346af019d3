// What a page says while the server cannot be reached, in place of Streamlit's own dialog about itself.
const PATIENCE = 1500; // milliseconds: a quick reconnection needs no words
const watching = new WeakMap();

export default function ({ parentElement }) {
  watching.get(parentElement)?.();
  const app = document.querySelector('[data-testid="stApp"]');
  const message = parentElement.querySelector("[role=status]");
  let timer;
  const lost = () => app.getAttribute("data-test-connection-state") !== "CONNECTED";
  const hideItsDialog = () => {
    for (const dialog of document.querySelectorAll('[role="dialog"]')) {
      if (lost() && dialog.textContent.includes("Connection error")) {
        (dialog.closest('[data-testid="stDialog"]') ?? dialog).style.display = "none";
      }
    }
  };
  const look = () => {
    clearTimeout(timer);
    if (!lost()) message.hidden = true;
    else timer = setTimeout(() => { message.hidden = false; }, PATIENCE);
  };
  const state = new MutationObserver(look);
  state.observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
  const dialogs = new MutationObserver(hideItsDialog);
  dialogs.observe(document.body, { childList: true, subtree: true });
  look();
  const end = () => { clearTimeout(timer); state.disconnect(); dialogs.disconnect(); };
  watching.set(parentElement, end);
  return end;
}

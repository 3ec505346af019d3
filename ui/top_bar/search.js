// Search from any page: a button, Ctrl-K or Cmd-K open a dialog; Python finds, this draws. Names enter as text alone.
const PAUSE = 150 // milliseconds without a key before Python is asked
const SEEN = "seen" // in the address: a notification that the link marked
const views = new WeakMap()
let current = null

document.addEventListener("keydown", (event) => {
  const isShortcut = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k"
  if (!isShortcut || !current) return
  event.preventDefault()
  event.stopPropagation()
  current.toggle()
}, true)

export default function ({ data, parentElement, setStateValue }) {
  const view = views.get(parentElement) ?? new Search(parentElement)
  views.set(parentElement, view)
  current = view
  view.ask = (typed) => setStateValue("typed", typed)
  view.data = data
  view.draw()
  withoutSeen()
  return () => {
    if (current === view) current = null
    view.close()
  }
}

class Search {
  constructor(root) {
    const one = (selector) => root.querySelector(selector)
    this.dialog = one("dialog")
    this.input = one("input")
    this.list = one("#found")
    this.nothing = one(".nothing")
    this.said = one(".said")
    this.active = 0
    const isMac = /mac|iphone|ipad/i.test(navigator.platform)
    one(".open kbd").textContent = isMac ? "⌘ K" : "Ctrl K"
    one(".open").title = isMac ? "Search (⌘ K)" : "Search (Ctrl K)"
    one(".open").onclick = () => this.toggle()
    one(".close").onclick = () => this.close()
    this.dialog.onclick = (event) => event.target === this.dialog && this.close() // beside the box
    this.dialog.onkeydown = (event) => this.pressed(event)
    one(".open").onkeydown = (event) => event.stopPropagation() // Streamlit has shortcuts of one letter
    this.input.oninput = () => this.typed()
    this.list.onclick = (event) => this.clicked(event)
    this.list.onpointermove = (event) => this.choose(this.options().indexOf(event.target.closest("a")))
  }

  toggle() {
    if (this.dialog.open) return this.close()
    this.active = 0
    this.draw()
    this.dialog.showModal()
    this.input.focus()
    this.input.select()
  }

  close() {
    this.isEntered = false
    clearTimeout(this.waiting)
    if (this.dialog.open) this.dialog.close()
  }

  typed() {
    clearTimeout(this.waiting)
    this.active = 0
    this.isEntered = false
    this.waiting = setTimeout(() => this.ask(this.input.value), PAUSE)
    this.draw()
  }

  draw() {
    const isEmpty = !this.input.value.trim()
    const isAnswered = isEmpty || this.input.value === this.data.typed
    this.list.setAttribute("aria-busy", String(!isAnswered))
    if (!isAnswered) return
    const groups = isEmpty ? this.data.offered : this.data.found
    this.list.replaceChildren(...groups.map(groupOf))
    this.nothing.textContent = isEmpty ? "" : this.data.nothing
    this.said.textContent = isEmpty ? "" : this.data.said
    this.choose(this.active)
    if (this.isEntered) this.open()
  }

  // What is chosen; pressed before the answer to what was typed is there, Enter waits for it.
  open() {
    this.isEntered = false
    this.options()[this.active]?.click()
  }

  options() {
    return [...this.list.querySelectorAll("a")]
  }

  choose(place) {
    const options = this.options()
    if (place < 0) return
    this.active = Math.min(place, Math.max(options.length - 1, 0))
    options.forEach((option, index) => {
      option.id = `option-${index}`
      option.setAttribute("aria-selected", String(index === this.active))
    })
    const chosen = options[this.active]
    if (!chosen) return this.input.removeAttribute("aria-activedescendant")
    this.input.setAttribute("aria-activedescendant", chosen.id)
    return chosen
  }

  pressed(event) {
    event.stopPropagation()
    const count = this.options().length
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && count) {
      event.preventDefault()
      this.choose((this.active + step + count) % count)?.scrollIntoView({ block: "nearest" })
    } else if (event.key === "Enter" && event.target === this.input && !event.isComposing) {
      event.preventDefault()
      this.isEntered = true
      this.draw()
    } else if (event.key === "Escape") {
      event.preventDefault()
      this.close()
    }
  }

  clicked(event) {
    const link = event.target.closest("a")
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return // another tab
    event.preventDefault()
    this.close()
    // Streamlit follows the history: one step of it, in this session.
    history.pushState({}, "", link.getAttribute("href"))
    window.dispatchEvent(new PopStateEvent("popstate", { state: {} }))
  }
}

function groupOf({ title, items }, index) {
  const group = made("div", { role: "group", "aria-labelledby": `title-${index}` })
  group.append(made("p", { class: "title", id: `title-${index}` }, title), ...items.map(optionOf))
  return group
}

function optionOf({ href, label, detail }) {
  const option = made("a", { role: "option", href: href.startsWith("/") ? href : "/", tabindex: "-1" })
  option.append(made("span", { title: label }, label))
  if (detail) option.append(made("span", {}, detail))
  return option
}

function made(name, attributes, text = "") {
  const element = document.createElement(name)
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value))
  element.textContent = text
  return element
}

function withoutSeen() {
  const address = new URL(location.href)
  if (!address.searchParams.has(SEEN)) return
  address.searchParams.delete(SEEN)
  history.replaceState(history.state, "", address)
}

// @ts-check
/**
 * The preview's configurator: it keeps form, address and widget equal. The server writes the page's own tag from the
 * address. On a static host the page itself applies the address to the widget.
 */

const form = /** @type {HTMLFormElement} */ (document.getElementById("options"));
const code = /** @type {HTMLElement} */ (document.getElementById("tag"));
const picker = /** @type {HTMLInputElement} */ (document.getElementById("picker"));
const colour = /** @type {HTMLInputElement} */ (form.elements.namedItem("color"));
const copied = /** @type {HTMLElement} */ (document.getElementById("copied"));
const flow = document.body.dataset.flow || "";

/** The names of the attributes that the address may change, on a static host. */
const attributes = document.body.dataset.static?.split(" ") ?? [];

/**
 * Returns the attributes that the form sets, each with its value; "" leaves the attribute out.
 * @returns {Record<string, string>}
 */
const chosen = () => {
  const data = new FormData(form);
  const names = [...new Set(data.keys()), "prechat"];
  // A control that is disabled has no data.
  return { "flow-id": flow, ...Object.fromEntries(names.map((name) => [name, data.getAll(name).join(",")])) };
};

/**
 * Marks a text area whose JSON is not what its data-json names: "object", "list", or "text or list", where a text that
 * begins as JSON must be a list.
 */
const checkJSON = (/** @type {HTMLTextAreaElement} */ area) => {
  const text = area.value.trim();
  const object = area.dataset.json === "object";
  let said = "";
  if (text && (area.dataset.json !== "text or list" || /^[[{]/.test(text))) {
    try {
      JSON.parse(text);
      said = text.startsWith(object ? "{" : "[") ? "" : `Please write ${object ? "an object" : "a list"} as JSON.`;
    } catch (error) {
      said = `This is not JSON: ${/** @type {Error} */ (error).message}`;
    }
  }
  area.setCustomValidity(said);
};

/** Returns the tag as a site owner writes it. */
const tag = (/** @type {Record<string, string>} */ options) => {
  const quote = (/** @type {string} */ text) =>
    // A value with double quotes, such as JSON, is legible in single quotes.
    /"/.test(text) && !/'/.test(text)
      ? `'${text.replace(/&/g, "&amp;").replace(/</g, "&lt;")}'`
      : `"${text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;")}"`;
  const set = Object.entries(options).filter(([, value]) => value);
  const attributes = (/** @type {string} */ prefix) =>
    set.map(([name, value]) => `\n  ${prefix}${name}=${quote(value)}`).join("");
  const script = '<script async src="https://cdn.example.com/plura-chat.js"';
  return options.mode === "inline"
    ? `${script}></script>\n<plura-chat${attributes("")}\n  style="height: 600px"></plura-chat>`
    : `${script}${attributes("data-")}></script>`;
};

/** Returns the address that shows these options, with the other parameters unchanged. */
const address = (/** @type {Record<string, string>} */ options) => {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(options)) {
    if (value && !(name === "flow-id" && value === flow)) {
      url.searchParams.set(name, value);
    } else {
      url.searchParams.delete(name);
    }
  }
  return url;
};

/** Puts the address's options into the form. */
const restore = () => {
  const query = new URL(location.href).searchParams;
  query.has("flow-id") || query.set("flow-id", flow);
  for (const control of form.querySelectorAll("[name]")) {
    const name = control.getAttribute("name") ?? "";
    if (attributes.length && !attributes.includes(name)) {
      control.toggleAttribute("disabled", true);
      query.set(name, name === "flow-id" ? flow : "");
    }
  }
  for (const [name, value] of query) {
    const values = value.split(",");
    for (const control of form.elements) {
      if (control instanceof HTMLInputElement && control.type === "checkbox") {
        control.checked = control.name === name ? values.includes(control.value) : control.checked;
      } else if (
        (control instanceof HTMLInputElement ||
          control instanceof HTMLSelectElement ||
          control instanceof HTMLTextAreaElement) &&
        control.name === name
      ) {
        control.value = value;
      }
    }
  }
  if (/^#[0-9a-f]{6}$/i.test(colour.value)) {
    picker.value = colour.value;
  }
};

/** The values that the page's own tag has given to the widget. @type {Record<string, string>} */
const given = {};

/** Applies the address to the widget of a static host, and moves it to where its mode needs it. */
const applyAddress = (/** @type {Element} */ widget) => {
  const query = new URL(location.href).searchParams;
  document.getElementById("chat")?.before(widget);
  document.getElementById("chat")?.remove();
  if (query.get("mode") === "inline") {
    const section = document.createElement("section");
    const title = document.createElement("h2");
    section.id = "chat";
    section.className = "band inline";
    title.textContent = "Ask us";
    section.append(title, widget);
    document.getElementById("configure")?.before(section);
  } else if (widget.parentElement !== document.documentElement) {
    document.documentElement.append(widget);
  }
  for (const name of attributes) {
    if (name === "open" && !query.has(name)) {
      continue; // it follows the panel
    }
    const value = query.get(name) ?? given[name];
    if (value === undefined) {
      widget.removeAttribute(name);
    } else if (widget.getAttribute(name) !== value) {
      widget.setAttribute(name, value);
    }
  }
};

/** Applies the form to address, tag and widget. */
const apply = () => {
  form.querySelectorAll("textarea").forEach(checkJSON);
  if (!form.reportValidity()) {
    return;
  }
  const options = chosen();
  const url = address(options);
  code.textContent = tag(options);
  const widget = document.querySelector("plura-chat");
  if (widget && attributes.length) {
    history.replaceState(null, "", url);
    applyAddress(widget);
    return;
  }
  const inline = Boolean(document.getElementById("chat"));
  // The server writes the page anew for an inline widget, which is elsewhere on the page, and if there is no widget.
  if (!widget || inline !== (options.mode === "inline")) {
    location.assign(inline || options.mode !== "inline" ? url : Object.assign(url, { hash: "chat" }));
    return;
  }
  history.replaceState(null, "", url);
  for (const [name, value] of Object.entries(options)) {
    if (value && widget.getAttribute(name) !== value) {
      widget.setAttribute(name, value);
    } else if (!value) {
      widget.removeAttribute(name);
    }
  }
};

restore();
code.textContent = tag(chosen());
if (attributes.length) {
  customElements.whenDefined("plura-chat").then(() => {
    const widget = document.querySelector("plura-chat");
    for (const { name, value } of widget?.attributes ?? []) {
      given[name] = value;
    }
    widget && applyAddress(widget);
  });
}

form.addEventListener("change", apply);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () =>
  // The controls get their defaults after this event.
  setTimeout(() => {
    /** @type {HTMLInputElement} */ (form.elements.namedItem("flow-id")).value = flow;
    apply();
  }),
);
picker.addEventListener("input", () => {
  colour.value = picker.value;
  apply();
});
document.getElementById("copy")?.addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(code.textContent || "");
    copied.textContent = "Copied";
  } catch {
    getSelection()?.selectAllChildren(code);
    copied.textContent = "Selected: press Ctrl+C";
  }
  setTimeout(() => (copied.textContent = ""), 4000);
});

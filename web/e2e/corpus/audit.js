/** Checks the elements and attributes that the widget makes. */
const safeLink = /^(https?:\/\/[^/]|mailto:[^\s]|tel:[-+.()\d]+$)/;
const safePicture = /^(https:\/\/|data:image\/(png|jpeg|gif|webp)[;,]|data:image\/(png|jpeg|gif|webp)$)/i;
const words = (list) => (value) => value.split(" ").every((word) => list.split(" ").includes(word));
const any = () => true;

/** The attributes that elements of the shadow tree may have: every element, and some. */
const everywhere = {
  class: words(
    " row first last new name quiet face day line title plain code copy meta do wrong who dots dot dock counter over menu-button intro field consent primary ask box provisional done block bare piece far table center end task tick picture replies",
  ),
  part: words(
    "frame launcher badge panel header avatar heading subheading close status log message bubble divider typing composer input send prechat notice menu menu-button teaser jump invite dismiss retry table replies",
  ),
  role: words(
    "dialog region presentation log article group status alert alertdialog menu menuitem menuitemcheckbox img",
  ),
  id: (value) => /^(counter|ask|row\d+|field-[A-Za-z][\w.-]*)$/.test(value),
  dir: words(" ltr rtl auto false"),
  lang: (value) => /^[A-Za-z\d-]*$/.test(value),
  hidden: any,
  tabindex: words("0 -1"),
  "data-from": words("agent visitor"),
  "data-state": words("sending sent failed idle loading connecting online reconnecting offline"),
  "data-id": any,
  "data-key": any,
  "data-far": words(""),
  "data-do": words("retry remove new menu download sound ask-new ask-end yes no jump notice copy reply"),
  "data-hint": any,
  "data-written": words(""),
  inert: words(""),
  // These are only read out.
  "aria-label": any,
  "aria-labelledby": words("ask"),
  "aria-describedby": (value) => /^(counter|field-[A-Za-z][\w.-]*-error)$/.test(value),
  "aria-expanded": words("true false"),
  "aria-hidden": words("true"),
  "aria-live": words("off polite"),
  "aria-modal": words("true"),
  "aria-haspopup": words("menu"),
  "aria-checked": words("true false"),
  "aria-busy": words("true false"),
  "aria-disabled": words("true false"),
  "aria-invalid": words("true false"),
  "aria-required": words("true"),
};
const url = (test) => (value) => test.test(value);
const elements = {
  b: { role: words("heading"), "aria-level": words("2") },
  a: { href: url(safeLink), target: words("_blank"), rel: (value) => value === "noopener noreferrer nofollow" },
  img: {
    src: url(safePicture),
    alt: words(""),
    referrerpolicy: words("no-referrer"),
    decoding: words("async"),
    loading: words("lazy"),
  },
  ol: { start: url(/^\d+$/) },
  button: { type: words("button submit") },
  form: { method: words("dialog"), novalidate: any },
  label: { for: url(/^field-[A-Za-z][\w.-]*$/) },
  input: {
    type: words("text email tel checkbox"),
    name: any,
    maxlength: words("200"),
    autocomplete: url(/^[a-z-]+$/),
    inputmode: words("email tel"),
  },
  textarea: { rows: words("1"), placeholder: any, style: url(/^(height: [\d.]+px;|)$/) },
  svg: { viewBox: any },
  p: { role: words("heading"), "aria-level": words("3") },
  pre: { "data-name": any },
  th: { scope: words("col") },
  path: { d: url(/^[MLHVhvlmz\d. -]+$/) },
};
// A colour may be a variable of the page: it can only result in a colour, which the list of requests shows.
elements.div = { "data-name": any, style: url(/^(--plura-accent:[^;]*;|)$/) };
elements.section = { style: url(/^(--visual-(top|height): [\d.]+px;\s?)*$/) };
for (const name of "span p h2 header footer article figure aside br hr strong em s code pre blockquote ul li table thead tbody tr td".split(
  " ",
)) {
  elements[name] ??= {};
}

/** Checks every element below a node. */
const audit = (top, what) => {
  for (const node of top.querySelectorAll("*")) {
    const own = Object.hasOwn(elements, node.localName) && elements[node.localName];
    if (!own) {
      problem(what, "made an element", node.localName);
      continue;
    }
    for (const { name, value } of node.attributes) {
      const test = (Object.hasOwn(own, name) && own[name]) || (Object.hasOwn(everywhere, name) && everywhere[name]);
      if (!test || !test(value)) {
        problem(what, "made an attribute", node.localName, name, JSON.stringify(value.slice(0, 100)));
      }
    }
  }
  if (trapped.length) {
    problem(what, "ran:", trapped.splice(0).join());
  }
  if ({}.polluted !== undefined) {
    problem(what, "polluted Object.prototype");
    delete Object.prototype.polluted;
  }
};

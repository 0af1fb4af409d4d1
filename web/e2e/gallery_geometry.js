// @ts-check
/**
 * Returns what is wrong with the places and sizes of a widget's elements, as sentences. It is evaluated in a page with
 * one widget. With touch, what can be pressed must have at least 44 px, and otherwise 24 px.
 * @param {boolean} touch
 * @returns {string[]}
 */
(touch) => {
  /** @type {string[]} */
  const wrong = [];
  const host = /** @type {HTMLElement} */ (document.querySelector("plura-chat"));
  const root = /** @type {ShadowRoot} */ (host.shadowRoot);
  const inline = host.getAttribute("mode") === "inline";
  const slack = 0.6;
  // The window without the part that a phone's keyboard covers.
  const seen = /** @type {VisualViewport} */ (visualViewport);
  const screen = {
    left: 0,
    top: 0,
    right: document.documentElement.clientWidth,
    bottom: Math.min(document.documentElement.clientHeight, seen.offsetTop + seen.height),
  };

  const part = (/** @type {string} */ name) =>
    /** @type {HTMLElement | null} */ (root.querySelector(`[part~=${name}]`));
  const visible = (/** @type {Element | null} */ node) =>
    !!node &&
    node.getClientRects().length > 0 &&
    getComputedStyle(node).visibility === "visible" &&
    !node.closest(".quiet");
  const box = (/** @type {Element} */ node) => node.getBoundingClientRect();
  const name = (/** @type {Element} */ node) =>
    (node.getAttribute("part") || node.className || node.id || node.tagName.toLowerCase()) +
    (node.textContent ? ` "${node.textContent.trim().slice(0, 24)}"` : "");
  const at = (/** @type {{left: number, top: number, right: number, bottom: number}} */ r) =>
    `[${[r.left, r.top, r.right, r.bottom].map(Math.round).join(" ")}]`;
  const within = (/** @type {Element} */ node, /** @type {any} */ frame, /** @type {string} */ what) => {
    const r = box(node);
    if (
      r.left < frame.left - slack ||
      r.right > frame.right + slack ||
      r.top < frame.top - slack ||
      r.bottom > frame.bottom + slack
    ) {
      wrong.push(`${name(node)} ${at(r)} is not within ${what} ${at(frame)}`);
    }
  };
  const apart = (/** @type {Element} */ a, /** @type {Element} */ b) => {
    const [p, q] = [box(a), box(b)];
    if (p.left < q.right - slack && q.left < p.right - slack && p.top < q.bottom - slack && q.top < p.bottom - slack) {
      wrong.push(`${name(a)} ${at(p)} and ${name(b)} ${at(q)} overlap`);
    }
  };
  const pairs = (/** @type {Element[]} */ nodes) =>
    nodes.forEach((a, i) => nodes.slice(i + 1).forEach((b) => apart(a, b)));
  const hit = (/** @type {Element | null} */ node, /** @type {string} */ what) => {
    if (!visible(node)) {
      wrong.push(`${what} is not visible`);
      return;
    }
    if (inline) {
      node?.scrollIntoView({ block: "nearest" }); // an inline chat may be outside of the window
    }
    const r = box(/** @type {Element} */ (node));
    const there = root.elementFromPoint((r.left + r.right) / 2, (r.top + r.bottom) / 2);
    if (!there || (there !== node && !node?.contains(there))) {
      wrong.push(`${what} ${at(r)} is covered by ${there ? name(there) : "something that is not of the widget"}`);
    }
  };

  // The page.
  const page = /** @type {Element} */ (document.scrollingElement);
  if (page.scrollWidth > page.clientWidth) {
    wrong.push(`the page scrolls sideways: ${page.scrollWidth} in ${page.clientWidth}`);
  }
  const [launcher, panel, teaser] = ["launcher", "panel", "teaser"].map(part);
  const open = panel && visible(panel);
  const whole = open && !inline && box(panel).width >= screen.right && box(panel).height >= screen.bottom - slack;
  if (!inline) {
    for (const node of [launcher, panel, teaser]) {
      if (node && visible(node) && !(whole && node === launcher)) {
        within(node, screen, "the viewport");
      }
    }
    if (launcher && teaser && visible(teaser)) {
      apart(launcher, teaser);
      hit(part("dismiss"), "the teaser's button");
    }
  }

  if (!whole && !inline && host.getAttribute("launcher") === null) {
    launcher.inert || hit(launcher, "the launcher"); // it is inert beside a question
    if (launcher && panel && open) {
      apart(launcher, panel);
    }
  }

  if (open) {
    const inner = box(panel);
    const [header, composer, log, form] = ["header", "composer", "log", "prechat"].map(part);
    const floating = (/** @type {Element} */ node) => getComputedStyle(node).position === "absolute";

    // The panel is a stack, except for the connection's state, which is shown above the log and moves nothing.
    const stack = [...panel.children].filter((node) => visible(node) && !floating(node) && box(node).height > 0);
    stack.forEach((node) => within(node, inner, "the panel"));
    const status = part("status");
    pairs(stack.filter((node) => node !== status));
    for (const bar of [header, composer]) {
      if (bar && visible(bar)) {
        const items = [...bar.children].filter((node) => visible(node) && !floating(node));
        items.forEach((node) => within(node, box(bar), name(bar).split(" ")[0]));
        pairs(items);
      }
    }

    // The log, the form and the composer.
    const modal = visible(root.querySelector("[aria-modal=true][role=alertdialog]"));
    const menu = visible(part("menu"));
    if (!modal) {
      inline || hit(part("close"), "the close button");
      if (visible(composer) && !menu) {
        hit(part("input"), "the composer");
        hit(part("send"), "the send button");
      } else if (!menu && !visible(form) && !visible(part("notice"))) {
        wrong.push("there is neither a composer nor a form, and no notice says why");
      }
    }
    const body = visible(form) ? form : log;
    if (body && visible(body)) {
      const least = Math.min(80, inner.height / 4);
      const covered = status && stack.includes(status) ? box(status).bottom : box(panel).top;
      const free = box(body).bottom - Math.max(box(body).top, covered);
      if (free < least) {
        wrong.push(`${Math.round(free)} px of ${name(body)} are not covered, less than ${least}`);
      }
      // What the connection's state covers can be scrolled into view.
      const first = document
        .createTreeWalker(body, NodeFilter.SHOW_TEXT, (text) =>
          text.nodeValue?.trim() && visible(text.parentElement) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP,
        )
        .nextNode();
      if (first) {
        const range = document.createRange();
        range.selectNodeContents(first);
        const top = range.getBoundingClientRect().top + body.scrollTop;
        if (top < covered - slack) {
          wrong.push(`${name(body)} begins at ${Math.round(top)}, and is covered down to ${Math.round(covered)}`);
        }
      }
      if (
        body === log &&
        status?.textContent &&
        !(parseFloat(getComputedStyle(log).scrollPaddingTop) >= box(status).height)
      ) {
        wrong.push("what has the focus may be scrolled below the state of the connection");
      }
      if (body.scrollWidth > body.clientWidth) {
        wrong.push(`${body.getAttribute("part")} scrolls sideways: ${body.scrollWidth} in ${body.clientWidth}`);
      }
    }
    // The composer shows whole lines.
    const input = part("input");
    if (input && visible(input) && input.scrollHeight > input.clientHeight) {
      const lines = input.clientHeight / parseFloat(getComputedStyle(input).lineHeight);
      if (Math.abs(lines - Math.round(lines)) > 0.05) {
        wrong.push(`the composer shows ${lines.toFixed(2)} lines`);
      }
    }
    for (const float of ["jump", "menu", "ask", "box"]) {
      const node = part(float) || root.querySelector("." + float);
      if (node && visible(node)) {
        within(node, inner, "the panel");
      }
    }

    // The transcript.
    if (log && visible(log)) {
      const rows = [...log.querySelectorAll(":scope > :not(.block), .block > *")].filter((node) => visible(node));
      rows.slice(1).forEach((node, i) => box(node).top < box(rows[i]).bottom - slack && apart(rows[i], node));
      const column = { left: box(log).left, right: box(log).right, top: -Infinity, bottom: Infinity };
      rows.forEach((row) => {
        row.querySelectorAll("[part~=bubble],.meta,.name,.face").forEach((node) => within(node, column, "the log"));
        pairs([...row.children].filter((node) => visible(node)));
        // A table may be wider than the bubble, and scrolls in its container. Its words stay in their cells.
        const bubble = row.querySelector("[part~=bubble]");
        row
          .querySelectorAll(".table")
          .forEach((node) => within(node, box(/** @type {Element} */ (bubble)), "its bubble"));
        row.querySelectorAll("tr").forEach((node) => pairs([...node.children]));
      });
    }

    // Texts are within their containers, except where they are cut off on purpose.
    const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const around = /** @type {Element} */ (text.parentElement);
      if (
        !text.nodeValue?.trim() ||
        !visible(around) ||
        around.closest("pre,[part~=heading],.name,.face,[part~=avatar],textarea")
      ) {
        continue;
      }
      const holder = /** @type {Element} */ (
        around.closest("th,td,[part~=bubble],button,[part~=notice],.box") || panel
      );
      range.selectNodeContents(text);
      for (const r of range.getClientRects()) {
        if (r.left < box(holder).left - slack || r.right > box(holder).right + slack) {
          wrong.push(
            `the text "${text.nodeValue.trim().slice(0, 30)}" ${at(r)} is not within ${name(holder)} ${at(box(holder))}`,
          );
          break;
        }
      }
    }
  }

  // What can be pressed.
  const least = touch ? 44 : 24;
  for (const node of root.querySelectorAll(
    "button,input,textarea,select,a[href],[role=menuitem],[role=menuitemcheckbox]",
  )) {
    if (!visible(node) || (node.tagName === "A" && getComputedStyle(node).display === "inline")) {
      continue;
    }
    let { left, right, top, bottom } = box(node);
    // The label of a checkbox can be pressed too.
    for (const label of /** @type {HTMLInputElement} */ (node).type === "checkbox"
      ? /** @type {HTMLInputElement} */ (node).labels || []
      : []) {
      const r = box(label);
      [left, right, top, bottom] = [
        Math.min(left, r.left),
        Math.max(right, r.right),
        Math.min(top, r.top),
        Math.max(bottom, r.bottom),
      ];
    }
    if (right - left < least - slack || bottom - top < least - slack) {
      wrong.push(`${name(node)} is ${Math.round(right - left)} × ${Math.round(bottom - top)}, less than ${least}`);
    }
  }
  return [...new Set(wrong)];
};

// @ts-check
/** Reads the attribute teaser: a time, or a list of rules. */
import { shortText } from "./entries.js";
import { warn } from "./warning.js";

/** @typedef {import("./teaser_moments.js").Moment} Moment */

/**
 * A rule, checked.
 * @typedef {object} Rule
 * @property {(path: string) => boolean} matches reports whether the rule is for the page of a path
 * @property {Moment} after
 * @property {string | undefined} text replaces the built-in words
 * @property {string[]} starters
 * @property {number} visits the visit from which on the rule applies
 * @property {boolean} everywhere whether the rule is for all pages
 */

/** The most characters of a text, and the most starters and their most characters. */
const most = { text: 200, starters: 6, starter: 80 };

const times = 'a time such as 8s, "scroll 50%", "idle 30s", "exit"';

/**
 * What the members of a rule may be. A member may be missing, except after.
 * @type {Record<string, {allowed: string, fits: (value: any) => unknown}>}
 */
const members = {
  on: { allowed: "a path such as /pricing*", fits: (it) => typeof it === "string" && /^[/*][^?#]*$/.test(it.trim()) },
  after: { allowed: times, fits: (it) => momentOf(it) },
  text: { allowed: `a text of at most ${most.text} characters`, fits: (it) => shortText(it, most.text) },
  starters: { allowed: "A|B|C", fits: (it) => typeof it === "string" },
  visits: { allowed: "a number such as 2", fits: (it) => Number.isInteger(it) && it > 0 },
};

/**
 * Returns a time in milliseconds, as Go reads it: "500ms", "8s", "1m30s". NaN if it is not a time.
 * @param {string} text
 */
const timeOf = (text) => {
  const units = /** @type {Record<string, number>} */ ({ ms: 1, s: 1e3, m: 6e4, h: 36e5 });
  const parts = [...text.matchAll(/([\d.]+)(ms|s|m|h)/gy)];
  return parts.map(([part]) => part).join("") === text
    ? parts.reduce((sum, [, count, unit]) => sum + +count * units[unit], 0)
    : NaN;
};

/** Returns the moment that a text names, if it does. @param {unknown} value @returns {Moment | undefined} */
function momentOf(value) {
  const text = typeof value === "string" ? value.trim().toLowerCase() : "";
  if (text === "exit") {
    return { kind: "exit", amount: 0 };
  }
  const [kind, rest = text] = /^(scroll|idle)\s+(.*)/.exec(text)?.slice(1) ?? ["time"];
  const amount = kind !== "scroll" ? timeOf(rest) : /^[\d.]+%$/.test(rest) ? parseFloat(rest) : NaN;
  if (amount > 0 && (kind !== "scroll" || amount <= 100)) {
    return { kind: /** @type {Moment["kind"]} */ (kind), amount };
  }
}

/**
 * Returns a path without percent-encoding, for comparisons: site owners write either form.
 * @param {string} path
 */
const decoded = (path) => {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
};

/** Returns a function that compares paths with a pattern, in which * is any characters. @param {string} pattern */
function matcher(pattern) {
  const parts = decoded(pattern)
    .split(/\*+/)
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  const expression = new RegExp(`^${parts.join(".*")}$`, "s");
  return (/** @type {string} */ path) => expression.test(decoded(path));
}

/** @param {any} item checked @param {string[]} starters @returns {Rule} */
const newRule = ({ on = "*", after, text, visits = 1 }, starters) => ({
  matches: matcher(on.trim()),
  after: /** @type {Moment} */ (momentOf(after)),
  text: text?.trim(),
  starters,
  visits,
  everywhere: on.trim() === "*",
});

/**
 * Returns the rule of an item of the list, or nothing if the item is bad. It tells the site owner what is wrong.
 * @param {any} item
 * @param {(member: string, value: unknown, allowed: string) => void} refuse
 */
function readRule(item, refuse) {
  if (item?.constructor !== Object) {
    return refuse("", item, '{"on": "/pricing*", "after": "8s", "text": "…", "starters": "A|B|C", "visits": 2}');
  }
  for (const name of Object.keys({ ...item, after: 0 })) {
    if (!Object.hasOwn(members, name)) {
      return refuse(name, item[name], Object.keys(members).join(", "));
    }
    if (!members[name].fits(item[name])) {
      return refuse(name, item[name], members[name].allowed);
    }
  }
  const all = String(item.starters ?? "").split("|");
  const good = all.map((text) => shortText(text, most.starter)).filter(String);
  const starters = good.slice(0, most.starters);
  if (starters.length < all.filter((text) => text.trim()).length) {
    refuse("starters", item.starters, `at most ${most.starters} of at most ${most.starter} characters`);
  }
  return newRule(item, starters);
}

/**
 * Returns the rules of the attribute's value. A bad rule is left out, and told to the site owner.
 * @param {string} value
 * @param {import("../loader/element.js").Page} page
 * @returns {Rule[]}
 */
export function rulesOf(value, page) {
  if (/^(none)?$/i.test(value)) {
    return [];
  }
  let items;
  try {
    items = value[0] === "[" && JSON.parse(value);
  } catch {}
  if (!items) {
    if (momentOf(value)?.kind === "time") {
      return [newRule({ after: value }, [])];
    }
    warn(page, "teaser", value, 'none, a time such as 8s, [{"on": "/pricing*", "after": "8s"}]');
    return [];
  }
  return items.flatMap((/** @type {unknown} */ item, /** @type {number} */ i) => {
    const refuse = (/** @type {string} */ member, /** @type {any} */ it, /** @type {string} */ allowed) => {
      const what = it === undefined ? " without " + member : member && ", " + member;
      warn(page, `teaser, rule ${i + 1}${what}`, typeof it === "string" ? it : (JSON.stringify(it) ?? ""), allowed);
    };
    return readRule(item, refuse) ?? [];
  });
}

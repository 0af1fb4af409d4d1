/** Puts each payload into every field, and reports what the widget made of it. */

/** Counts the elements of the page beside the widgets. */
const census = () => [...document.querySelectorAll("*")].filter(({ localName }) => localName !== "plura-chat").length;

document.corpus = async (payloads, keys) => {
  const before = census();
  payloads.forEach((p) => texts.add("plura-chat: " + p));
  performance.setResourceTimingBufferSize?.(100_000);
  const done = {};
  for (const [name, run] of Object.entries({ ...serverFields, ...pageFields, ...storedFields })) {
    const start = performance.now();
    document.doing = name;
    const count = await run(payloads, keys);
    done[name] = { fields: count, ms: Math.round(performance.now() - start) };
  }
  if (census() !== before) {
    problem("the page had", before, "elements and has", census());
  }
  // A picture over https may be on any host, but must have the address that was given.
  const pictures = payloads.filter((p) => /^https:\/\//i.test(p) && URL.canParse(p)).map((p) => new URL(p).href);
  for (const { name } of performance.getEntriesByType("resource")) {
    if (!/^(data|blob):/.test(name) && new URL(name).host !== location.host && !pictures.includes(name)) {
      problem("a request to", name);
    }
  }
  return { done, problems: [...problems], trapped, pictures };
};

// Runs in each measured page before the page's own scripts. Its results are on document, so that the page's global
// object stays unchanged.
(() => {
  const bench = (document.bench = { blocks: [], shift: 0, marks: {}, frames: [] });

  const note = (type, act) =>
    new PerformanceObserver((list) => list.getEntries().forEach(act)).observe({ type, buffered: true });
  note("longtask", ({ startTime, duration }) => bench.blocks.push([startTime, duration]));
  note("layout-shift", ({ value }) => (bench.shift += value));

  /** Returns by how much tasks have exceeded 50 ms each, since a time. */
  bench.blocking = (since = 0) =>
    bench.blocks.reduce((sum, [start, duration]) => sum + (start >= since ? duration - 50 : 0), 0);
  bench.longest = (since = 0) =>
    Math.max(0, ...bench.blocks.filter(([start]) => start >= since).map(([, duration]) => duration));

  /**
   * Measures from now on, in longestStall, by how much a timer is late at most. The browser reports only tasks of 50 ms
   * and more.
   */
  bench.watchStalls = () => {
    bench.longestStall = 0;
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      bench.longestStall = Math.max(bench.longestStall, now - last - 4);
      last = now;
      setTimeout(tick, 4);
    };
    setTimeout(tick, 4);
  };

  /**
   * Returns the first element for a path of selectors, each of which searches the shadow root of the element before.
   */
  bench.find = (path) =>
    path.reduce(
      (node, selector) => (node?.shadowRoot ?? node?.contentDocument ?? node)?.querySelector(selector),
      document,
    );
  bench.visible = (node) => {
    const box = node?.getBoundingClientRect();
    return (
      box?.width > 0 && box.height > 0 && node.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    );
  };
  /** Returns the focused element, inside all shadow roots and iframes. */
  bench.focused = () => {
    let node = document.activeElement;
    for (let inner; (inner = (node?.shadowRoot ?? node?.contentDocument)?.activeElement); node = inner) {}
    return node;
  };

  /** Resolves with the time after the first painted frame in which a condition is true. */
  bench.painted = (condition) =>
    new Promise((resolve) => {
      const look = () => {
        let met = false;
        try {
          met = condition();
        } catch {} // not there yet
        met ? setTimeout(() => resolve(performance.now())) : requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });

  addEventListener("click", ({ timeStamp }) => (bench.marks.click = timeStamp), true);

  // Go runs and has the conversation.
  addEventListener(
    "plura-chat:status",
    ({ detail }) => detail.state === "online" && (bench.marks.online ??= performance.now()),
  );

  // Go starts when its module is instantiated.
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = (...given) =>
    instantiate.apply(WebAssembly, given).then((made) => {
      bench.marks.go = performance.now();
      bench.memory = (made.instance ?? made).exports.mem;
      return made;
    });

  // The times at which frames arrive.
  const Native = WebSocket;
  window.WebSocket = class extends Native {
    constructor(...given) {
      super(...given);
      bench.marks.dial ??= performance.now();
      this.addEventListener("message", ({ isTrusted }) => isTrusted && bench.frames.push(performance.now()));
    }
  };
})();

// @ts-check
/** The React component of <plura-chat>. It needs no list of attributes or events: their names follow from the props. */
"use client";
import { createElement, forwardRef, useEffect, useImperativeHandle, useLayoutEffect, useRef } from "react";
import { load } from "./load.js";

/**
 * Runs before the element, which has been inserted, tells the page that it is ready. On a server, React 18 warns of
 * layout effects, and runs no effect anyway.
 */
const useEarlyEffect = typeof window === "undefined" ? useEffect : useLayoutEffect;

/** Returns the attributes that props stand for: flowId is flow-id, an object is JSON, and false is no attribute. */
const attributesOf = (/** @type {Record<string, unknown>} */ props) => {
  /** @type {Record<string, string>} */
  const attributes = {};
  for (const [name, value] of Object.entries(props)) {
    if (value != null && value !== false && typeof value !== "function") {
      const text = value === true ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
      attributes[name.replace(/[A-Z]/g, (letter) => "-" + letter.toLowerCase())] = text;
    }
  }
  return attributes;
};

/** Returns the listeners that props stand for, by the type of the event: onMessage is plura-chat:message. */
const listenersOf = (/** @type {Record<string, unknown>} */ props) =>
  Object.entries(props)
    .filter(([name, value]) => /^on[A-Z]/.test(name) && typeof value === "function")
    .map(([name, value]) => ({
      type: "plura-chat:" + name.slice(2).toLowerCase(),
      listener: (/** @type {any} */ event) => /** @type {Function} */ (value)(event.detail, event),
    }));

export const PluraChat = forwardRef(
  (/** @type {any} */ { src, nonce, integrity, id, className, style, ...props }, /** @type {any} */ forwarded) => {
    const element = useRef(/** @type {HTMLElement | null} */ (null));
    useImperativeHandle(forwarded, () => element.current, []);

    useEffect(() => {
      load({ src, nonce, integrity }).catch(console.error);
    }, []);

    // React renders the first attributes, also on a server. Later ones are set here, because React 18 and 19 treat
    // custom elements differently, and the widget itself changes the attribute open.
    const attributes = attributesOf(props);
    const first = useRef(attributes);
    const before = useRef(attributes);
    useEffect(() => {
      for (const name of Object.keys({ ...before.current, ...attributes })) {
        const value = attributes[name];
        if (value === undefined) {
          element.current?.removeAttribute(name);
        } else if (value !== before.current[name]) {
          element.current?.setAttribute(name, value);
        }
      }
      before.current = attributes;
    });

    useEarlyEffect(() => {
      const listeners = listenersOf(props);
      const target = element.current;
      listeners.forEach(({ type, listener }) => target?.addEventListener(type, listener));
      return () => listeners.forEach(({ type, listener }) => target?.removeEventListener(type, listener));
    });

    return createElement("plura-chat", {
      ...first.current,
      id,
      class: className,
      style,
      ref: element,
      suppressHydrationWarning: true, // the script may have changed the element before React takes it over
    });
  },
);
PluraChat.displayName = "PluraChat";

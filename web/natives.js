// @ts-check
/**
 * What the page had when the script ran. A page that replaces fetch, WebSocket, timers or console later does not reach the chat by it,
 * and the chat does not depend on the replacement being right.
 */
export const { setTimeout, fetch, console: { error } } = window;

/** For start.js, which gives them to Go. Descriptors, because reading a thousand getters would have effects. */
export const natives = { ...Object.getOwnPropertyDescriptors(window), console: { value: { ...console } } };

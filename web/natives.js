// @ts-check
/**
 * What the page had when the script ran. A page that replaces fetch, WebSocket, timers or console later does not reach the chat by it.
 */
export const { setTimeout, fetch, console: { error } } = window;

/** For start.js, which gives them to Go. Descriptors, because reading every getter of window would have effects. */
export const natives = Object.getOwnPropertyDescriptors(window);

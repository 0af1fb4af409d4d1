// @ts-check
import { ownLaunchers } from "../loader/own_launchers.js";

/**
 * Returns the node that gets the focus when the panel closes: the one that opens it.
 * @param {import("../loader/instance.js").Host} host
 * @returns {HTMLElement | undefined}
 */
export const focusReturn = ({ attr, nodes }) => (nodes.launcher?.hidden ? ownLaunchers(attr)[0] : nodes.launcher);

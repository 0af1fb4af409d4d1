#!/usr/bin/env node
// @ts-check
/** The command plura-chat: copies the files that a site serves from this package into a folder. */
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const [command, folder, ...rest] = process.argv.slice(2);
if (command !== "copy" || !folder || rest.length > 0) {
  console.error(
    "usage: plura-chat copy FOLDER\n\nFOLDER is served by the site as /plura-chat, such as public/plura-chat.",
  );
  process.exit(2);
}

const from = (/** @type {string} */ name) => new URL(name, import.meta.url);
const names = Object.keys(JSON.parse(await readFile(from("integrity.json"), "utf8")).files);
await mkdir(folder, { recursive: true });
for (const name of [...names, "integrity.json"].flatMap((name) => [name, name + ".br", name + ".gz"])) {
  await copyFile(from(name), join(folder, name));
}

// The licences of what is bundled travel with the bundle.
import { readdir, readFile } from "node:fs/promises";

/** @returns {Promise<string>} one section for each package whose code is in the bundle, sorted by name */
export async function thirdPartyNotices(metafile, root) {
  const folders = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (folder !== undefined) folders.add(folder);
  }
  const sections = await Promise.all([...folders].sort().map((folder) => section(new URL(`${folder}/`, root))));
  return sections.join(`\n${"-".repeat(100)}\n\n`);
}

async function section(folder) {
  const { name, version, license } = JSON.parse(await readFile(new URL("package.json", folder), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text =
    file === undefined ? "(the package ships no licence text)" : await readFile(new URL(file, folder), "utf8");
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

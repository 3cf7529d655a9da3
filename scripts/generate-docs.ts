/**
 * `npm run docs`: writes every document that follows from the code. CI runs it and fails when a file changes;
 * `test/generated-documents.test.ts` says the same sooner.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { toJsonSchema } from "@valibot/to-json-schema";
import { configSchema } from "../src/config/config-file.ts";
import { exitMeaning } from "../src/exit-codes.ts";
import { auditDocuments } from "./audit-documents.ts";
import { faultDocuments } from "./fault-documents.ts";
import { protocolDocuments } from "./protocol-documents.ts";
import { snapshotDocuments } from "./snapshot-documents.ts";
import { storeTable } from "./store-documents.ts";

const root = new URL("../", import.meta.url);

/** Path in the project -> text. */
export function generatedDocuments(): ReadonlyMap<string, string> {
  return new Map([
    ...protocolDocuments(),
    ...auditDocuments(),
    ...snapshotDocuments(),
    ...faultDocuments(),
    [
      "docs/s3-stores.md",
      withGenerated(readFileSync(new URL("docs/s3-stores.md", root), "utf8"), "stores", storeTable()),
    ],
    ["docs/schemas/config.schema.json", configurationSchema()],
    ["README.md", withGenerated(readFileSync(new URL("README.md", root), "utf8"), "exit codes", exitCodeTable())],
  ]);
}

function configurationSchema(): string {
  const { $schema, ...rest } = toJsonSchema(configSchema, { typeMode: "input" });
  return `${JSON.stringify({ $schema, title: "s3up.config.json", ...rest }, null, 2)}\n`;
}

function exitCodeTable(): string {
  const rows = Object.entries(exitMeaning).map(([code, meaning]) => `| ${code} | ${meaning} |`);
  return ["| exit | meaning |", "|---|---|", ...rows].join("\n");
}

/** Replaces what stands between `<!-- generated: name -->` and `<!-- /generated -->`. */
function withGenerated(page: string, name: string, text: string): string {
  const begin = `<!-- generated: ${name} -->`;
  const end = "<!-- /generated -->";
  const start = page.indexOf(begin);
  const stop = page.indexOf(end, start);
  if (start < 0 || stop < 0) throw new Error(`There is no part "${name}" to generate.`);
  return `${page.slice(0, start + begin.length)}\n${text}\n${page.slice(stop)}`;
}

/** The folders in which everything is generated: what no longer follows from the code is taken away. */
export const generatedFolders = ["docs/protocol/", "docs/rules/", "docs/schemas/"] as const;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const folder of generatedFolders) {
    for (const name of readdirSync(new URL(folder, root))) rmSync(new URL(`${folder}${name}`, root));
  }
  for (const [path, text] of generatedDocuments()) {
    const file = fileURLToPath(new URL(path, root));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/**
 * Writes the JSON schema of a snapshot file from the code that reads it. `test/audit/snapshot-schema.test.ts` fails when
 * it is out of date. The reader takes more than the schema says: each facet also as the API and the aws command wrap it.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { facets } from "../src/audit/facet-access.ts";
import { facetSchemas } from "../src/audit/facet-schemas.ts";
import { snapshotEnvelope, unreadableSchema } from "../src/audit/snapshot-file.ts";

const root = new URL("../", import.meta.url);

/** Path in the project -> text. */
export function generatedDocuments(): ReadonlyMap<string, string> {
  return new Map([["docs/schemas/snapshot.schema.json", snapshotSchema()]]);
}

function snapshotSchema(): string {
  const absent = v.strictObject({ absent: v.literal(true) });
  const entries = facets.map((facet) => {
    const states = v.union([facetSchemas[facet], absent, unreadableSchema]);
    return [facet, v.optional(states)] as const;
  });
  const document = v.strictObject({
    $schema: v.optional(v.string()),
    ...snapshotEnvelope,
    facets: v.strictObject(Object.fromEntries(entries)),
  });
  const { $schema, ...rest } = toJsonSchema(document, { typeMode: "input" });
  const title = "A bucket's configuration, as `s3up audit --save-snapshot` writes it";
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of generatedDocuments()) {
    const file = fileURLToPath(new URL(path, root));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(path);
  }
}

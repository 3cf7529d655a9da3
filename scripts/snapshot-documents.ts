/**
 * The JSON schema of a snapshot file, from the code that reads it. The reader takes more than the schema says: each facet
 * also as the API and the aws command wrap it.
 */
import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { facets } from "../src/audit/facet-access.ts";
import { facetSchemas } from "../src/audit/facet-schemas.ts";
import { snapshotEnvelope, unreadableSchema } from "../src/audit/snapshot-file.ts";

/** Path in the project -> text. */
export function snapshotDocuments(): ReadonlyMap<string, string> {
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

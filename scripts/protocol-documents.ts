/**
 * The documents that follow from the code of the protocol and the backend: one JSON schema for each message, and the
 * table of the backend's environment variables.
 */
import { toJsonSchema } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";
import { type Setting, settingTable } from "../src/backend/settings.ts";
import * as messages from "../src/protocol/messages.ts";

/** File -> schema and what the message is. */
const schemas: Readonly<Record<string, readonly [GenericSchema, title: string]>> = {
  capabilities: [messages.capabilitiesSchema, "Answer to GET /presign"],
  "article-request": [messages.articleRequestSchema, "POST /presign in the short form"],
  "upload-request": [messages.uploadRequestSchema, "POST /presign and POST /presign/multipart"],
  "put-answer": [messages.putAnswerSchema, "Answer with one signed PUT"],
  "post-answer": [messages.postAnswerSchema, "Answer with a signed form"],
  "multipart-answer": [messages.multipartAnswerSchema, "Answer with a multipart upload"],
  "parts-request": [messages.partsRequestSchema, "POST /presign/multipart/parts"],
  "parts-answer": [messages.partsAnswerSchema, "Answer with signed parts"],
  "list-request": [messages.listRequestSchema, "POST /presign/multipart/list"],
  "list-answer": [messages.listAnswerSchema, "Answer with the parts that S3 has"],
  "complete-request": [messages.completeRequestSchema, "POST /presign/multipart/complete"],
  "complete-via-client-answer": [messages.completeViaClientAnswerSchema, "Answer with a signed complete"],
  "completed-answer": [messages.completedAnswerSchema, "Answer after the server completed the upload"],
  "completing-answer": [messages.completingAnswerSchema, "Answer while S3 is still putting the parts together"],
  "abort-request": [messages.abortRequestSchema, "POST /presign/multipart/abort"],
  problem: [messages.problemSchema, "Body of every error answer"],
};

/** Path in the project -> text. */
export function protocolDocuments(): ReadonlyMap<string, string> {
  const documents = new Map<string, string>();
  for (const [name, [schema, title]] of Object.entries(schemas)) {
    const { $schema, ...rest } = toJsonSchema(schema, { typeMode: "input" });
    const document = { $schema, title, ...rest };
    documents.set(`docs/protocol/${name}.schema.json`, `${JSON.stringify(document, null, 2)}\n`);
  }
  documents.set("docs/backend-settings.md", settingsPage());
  return documents;
}

function settingsPage(): string {
  return `# Settings of the presign backend

The backend reads these environment variables once, when it starts, and refuses to start with a bad one.
An empty variable counts as one that is not set. Made from \`src/backend/settings.ts\`; do not edit.

| Variable | Default | Value | Meaning |
|---|---|---|---|
${Object.values<Setting<unknown>>(settingTable).map(settingRow).join("\n")}
`;
}

function settingRow({ name, fallback, required, unit, meaning }: Setting<unknown>): string {
  const start = required ? "required" : fallback === undefined ? "none" : `\`${fallback}\``;
  return `| \`${name}\` | ${start} | ${unit} | ${meaning} |`;
}

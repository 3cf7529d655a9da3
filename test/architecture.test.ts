/**
 * The architecture as a test: who may import whom, and who may touch clock, chance, terminal and process.
 * A file without a row of its own follows the row of its folder; a folder without a row may import nothing outside itself.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, posix } from "node:path";
import { describe, expect, test } from "vitest";

const src = new URL("../src/", import.meta.url);
const files = listSources();

/** What the core may use: it decides, so it needs no adapter, no SDK, and of Node only what computes. */
const mayImport: Record<string, readonly string[]> = {
  "errors.ts": [],
  "exit-codes.ts": ["errors.ts"],

  protocol: ["valibot"],
  signing: ["protocol", "errors.ts", "node:crypto"],
  upload: ["protocol", "signing", "errors.ts", "valibot"],
  "upload/digest.ts": ["node:crypto", "node:zlib"],
  config: ["errors.ts", "valibot"],
  policy: ["errors.ts"],
  audit: ["policy", "errors.ts", "exit-codes.ts", "node:crypto", "valibot"],

  "runtime.ts": ["protocol", "signing", "upload", "audit", "config", "report/reporter.ts", "sandbox/sandbox.ts"],
  commands: [
    "protocol",
    "signing",
    "upload",
    "audit",
    "config",
    "runtime.ts",
    "errors.ts",
    "exit-codes.ts",
    "commander",
  ],
  "program.ts": ["commands", "runtime.ts", "errors.ts", "exit-codes.ts", "commander"],
  "main.ts": [
    "program.ts",
    "commands",
    "runtime.ts",
    "errors.ts",
    "exit-codes.ts",
    "report/error-message.ts",
    "commander",
  ],

  aws: [
    "protocol",
    "signing",
    "upload",
    "audit",
    "errors.ts",
    "@aws-sdk",
    "@smithy",
    "node:events",
    "node:fs",
    "node:stream",
    "node:crypto",
    "node:http",
    "node:https",
  ],
  http: [
    "protocol",
    "signing",
    "upload",
    "audit",
    "errors.ts",
    "valibot",
    "node:http",
    "node:https",
    "node:net",
    "node:stream",
    "node:tls",
  ],
  "http/token-command.ts": ["errors.ts", "node:child_process"],
  files: ["upload", "errors.ts", "node:fs", "node:path", "node:timers"],
  "files/process-table.ts": ["files", "node:fs", "node:child_process"],
  terraform: [
    "audit",
    "errors.ts",
    "node:path",
    "policy/json-node.ts",
    "policy/json-text.ts",
    "policy/policy-error.ts",
  ],
  report: ["protocol", "upload", "audit", "errors.ts", "exit-codes.ts", "cli-progress", "ora"],

  backend: ["protocol", "signing", "errors.ts", "node:crypto", "valibot"],
  "backend/lambda.ts": ["backend", "aws", "@aws-sdk", "node:crypto"],

  page: [
    "protocol",
    "upload",
    "http/backend-client.ts",
    "http/endpoint-destination.ts",
    "report/units.ts",
    "report/transfer-rate.ts",
    "report/scrub.ts",
    "errors.ts",
    "valibot",
    "@noble/hashes",
  ],

  sandbox: ["errors.ts", "@fastify/busboy", "@aws-crypto/crc32c", "@aws-sdk/crc64-nvme", "fast-xml-parser", "node:*"],
  "sandbox/presign-app.ts": ["sandbox", "backend", "aws", "@aws-sdk", "hono", "@hono/node-server", "node:*"],

  "node-runtime.ts": ["*"],
};

const takesTheWorldItself = new Set(["node-runtime.ts", "backend/lambda.ts", "page/page.ts"]);

describe("imports", () => {
  test.for(files)("%s imports only what its place allows", (file) => {
    const place = topOf(file);
    const allowed = [place, ...(mayImport[file] ?? mayImport[place] ?? [])];
    const refused = importsOf(file).filter((target) => !allowed.some((entry) => covers(entry, target)));
    expect(refused, `${file} may import: ${allowed.join(", ")}`).toEqual([]);
  });

  test("every row of the table names a folder or file that is there", () => {
    const places = new Set([...files, ...files.map(topOf)]);
    expect(Object.keys(mayImport).filter((row) => !places.has(row))).toEqual([]);
  });
});

describe("clock, chance, terminal and process", () => {
  test.for(files.filter((file) => !takesTheWorldItself.has(file)))("%s takes them from its caller", (file) => {
    expect(codeOf(file)).not.toMatch(
      /\bconsole\.|\bprocess\.|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandomUUID\b/,
    );
  });
});

describe("names", () => {
  test("no folder or file is named after nothing", () => {
    expect(files.filter((file) => /(^|\/)(utils?|helpers?|common|misc|lib)(\/|\.ts$)/.test(file))).toEqual([]);
  });
});

function listSources(): string[] {
  const entries = readdirSync(src, { recursive: true, encoding: "utf8" });
  return entries.filter((entry) => entry.endsWith(".ts")).sort();
}

/** The folder below src, or the file itself where it stands at the top. */
function topOf(file: string): string {
  return file.split("/")[0] ?? file;
}

function codeOf(file: string): string {
  return readFileSync(new URL(file, src), "utf8").replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, "");
}

function importsOf(file: string): string[] {
  const found = codeOf(file).matchAll(/(?:\bfrom|\bimport\(|^\s*import)\s*"([^"]+)"/gm);
  return [...found].map(([, specifier = ""]) =>
    specifier.startsWith(".") ? posix.join(dirname(file), specifier) : specifier,
  );
}

function covers(entry: string, target: string): boolean {
  if (entry === "*") return true;
  if (entry.endsWith("*")) return target.startsWith(entry.slice(0, -1));
  return target === entry || target.startsWith(`${entry}/`);
}

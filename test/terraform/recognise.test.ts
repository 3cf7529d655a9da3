import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { S3upError } from "../../src/errors.ts";
import { createTerraformReader } from "../../src/terraform/reader.ts";
import { auditedText, caseText } from "../support/terraform-cases.ts";

const reader = createTerraformReader({ list: async () => [], read: async () => undefined });
const nobody = { functionName: undefined, role: undefined };
const read = (text: string) => reader.read(text, "plan.json", nobody);

describe("what is neither a plan nor a state is named, with what to do", () => {
  test.for([
    ["nothing", "", /It is empty/],
    ["a binary plan", "PK\u0003\u0004rest", /as `terraform plan -out` writes it/],
    ["the log of terraform plan -json", caseText("changes/events.jsonl"), /log of `terraform plan -json`/],
    [
      "the log's first line alone",
      caseText("changes/events.jsonl").split("\n")[0] ?? "",
      /log of `terraform plan -json`/,
    ],
    ["what terraform plan prints", "Terraform will perform the following actions:\n", /prints for people/],
    ["a file of the configuration", caseText("insecure/main.tf"), /Terraform's language/],
    ["a list", "[]", /no object/],
    ["a number", "5", /no object/],
    ["any JSON", '{"a":1}', /neither planned_values nor values/],
    ["a snapshot", '{"v":1,"bucket":"b","facets":{}}', /--snapshot reads it/],
    ["a state of old", '{"version":3,"terraform_version":"0.11.0","modules":[]}', /state of version 3/],
    ["half a plan", caseText("insecure/plan.json").slice(0, 2000), /cannot be audited/],
    ["a plan with errors", '{"format_version":"1.2","errored":true,"resource_changes":[]}', /ended with an error/],
    ["text", "hello", /It is no JSON/],
  ] as const)("%s", async ([, text, words]) => {
    const { exitCode, stderr, stdout } = await auditedText(text, ["--format", "human"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr.replace(/\s+/g, " ")).toMatch(words);
    expect(stderr.split("\n").filter((line) => line !== "")).toHaveLength(3);
  });
});

test("a byte order mark does no harm", async () => {
  expect(read(`\uFEFF${caseText("insecure/plan.json")}`).snapshots).toHaveLength(2);
});

test("the plans in the log of terraform test -json -verbose are read, each with its run", async () => {
  const event = (run: string) => ({
    "@level": "info",
    "@message": "-verbose flag enabled",
    "@testrun": run,
    type: "test_plan",
    test_plan: JSON.parse(caseText("secure-known/plan.json")),
  });
  const text = [event("defaults"), event("kms")].map((one) => JSON.stringify(one)).join("\n");
  expect(read(text).snapshots.map(({ bucket, source }) => `${bucket} of ${source}`)).toEqual([
    'acme-uploads of plan.json, run "defaults"',
    'acme-uploads of plan.json, run "kms"',
  ]);
});

describe("whatever the file holds, the answer is a report or an error that says why", () => {
  const readable = (text: string): boolean => {
    try {
      read(text);
      return true;
    } catch (error) {
      if (error instanceof S3upError && error.code === "CONFIG_INVALID") return false;
      throw error;
    }
  };

  test("JSON of any shape", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void readable(JSON.stringify(value))));
  });

  const names = ["__proto__", "constructor", "toString", "bucket", "policy", "references", "module", "hasOwnProperty"];
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(...names),
    fc.constant(null),
    fc.constant(true),
    fc.constant([[]]),
  );
  const paths = [
    "insecure/plan.json",
    "api/plan.json",
    "community/plan.json",
    "changes/plan.json",
    "changes/raw-state-v4.json",
  ];

  test("real files with one value replaced by anything", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.nat(), odd, async (path, at, value) => {
        const { exitCode } = await auditedText(JSON.stringify(withOneChanged(JSON.parse(caseText(path)), at, value)));
        expect([0, 1, 2, 5]).toContain(exitCode);
      }),
      { numRuns: 60 },
    );
  }, 240_000);

  test.for([
    ["lists in lists", `{"planned_values":${"[".repeat(20_000)}${"]".repeat(20_000)}}`],
    ["modules in modules", nested('{"child_modules":[', "]}", 5000)],
    ["blocks in blocks", nested('{"rule":[', "]}", 5000)],
  ] as const)("nested deeply: %s", ([, text]) => {
    const plan = `{"format_version":"1.2","planned_values":{"root_module":${text}},"resource_changes":[{"address":"aws_s3_bucket.x","type":"aws_s3_bucket","name":"x","mode":"managed","change":{"actions":["create"],"after":{"bucket":"x","cors_rule":${text}},"after_unknown":${text}}}]}`;
    readable(text);
    readable(plan);
  });

  test("names of prototypes are names like any other", () => {
    const text = `{"format_version":"1.2","resource_changes":[{"address":"aws_s3_bucket.__proto__","type":"aws_s3_bucket","name":"__proto__","mode":"managed","change":{"actions":["create"],"after":{"bucket":"constructor","__proto__":{"acl":"public-read"}},"after_unknown":{}}}],"configuration":{"root_module":{"resources":[],"module_calls":{"__proto__":{"module":{}}}}}}`;
    expect(read(text).snapshots.map(({ bucket }) => bucket)).toEqual(["constructor"]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

function nested(open: string, close: string, depth: number): string {
  return `${open.repeat(depth)}${close.repeat(depth)}`;
}

/** The value in the place of one of those that the document has. */
function withOneChanged(document: unknown, at: number, value: unknown): unknown {
  const places: { readonly holder: Record<string, unknown>; readonly name: string }[] = [];
  const visit = (holder: unknown): void => {
    if (typeof holder !== "object" || holder === null) return;
    for (const name of Object.keys(holder)) {
      places.push({ holder: holder as Record<string, unknown>, name });
      visit((holder as Record<string, unknown>)[name]);
    }
  };
  visit(document);
  const place = places[at % places.length];
  if (place !== undefined) {
    Object.defineProperty(place.holder, place.name, { value, enumerable: true, writable: true, configurable: true });
  }
  return document;
}

/** `terraform fmt`, `validate` and `terraform test` of every module; each run of a test file is a test here. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { initWords, providers, type Terraform, terraformIn, whenTerraform } from "./terraform.ts";

const infra = fileURLToPath(new URL("../../infra/", import.meta.url));
const patienceMs = 600_000;

interface Outcome {
  readonly status: string;
  readonly why: string;
}

/** The runs that the files of a module name, as `file/run`. */
function runsOf(module: string): readonly string[] {
  const folder = join(infra, module, "tests");
  const files = readdirSync(folder).filter((name) => name.endsWith(".tftest.hcl"));
  return files.toSorted().flatMap((file) => {
    const names = readFileSync(join(folder, file), "utf8").matchAll(/^run "(\w+)"/gm);
    return [...names].map(([, name]) => `tests/${file}/${name}`);
  });
}

/** What `terraform test -json` said of each run. */
function outcomesIn(lines: string): ReadonlyMap<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  const complaints: string[] = [];
  for (const line of lines.split("\n").filter((text) => text.startsWith("{"))) {
    const message = JSON.parse(line);
    if (message.type === "diagnostic") complaints.push(`${message.diagnostic.summary}: ${message.diagnostic.detail}`);
    if (message.type !== "test_run" || message.test_run.progress === "running") continue;
    const { path, run, status, progress } = message.test_run;
    if (progress === "complete" || status !== undefined) outcomes.set(`${path}/${run}`, { status, why: "" });
  }
  return new Map([...outcomes].map(([name, { status }]) => [name, { status, why: complaints.join("\n") }]));
}

const modules = ["modules/upload-bucket", "modules/presign-api", "modules/client-site", "."];

describe.runIf(providers !== undefined).each(modules)(`infra/%s ${whenTerraform}`, (module) => {
  let terraform: Terraform;
  let outcomes: ReadonlyMap<string, Outcome>;
  beforeAll(async () => {
    terraform = terraformIn("infra", module);
    await terraform.terraform(...initWords());
    outcomes = outcomesIn((await terraform.attempt("test", "-json", "-no-color")).stdout);
  }, patienceMs);
  afterAll(() => terraform?.remove());

  test(
    "is valid",
    async () => {
      expect(JSON.parse(await terraform.terraform("validate", "-json")).diagnostics).toEqual([]);
    },
    patienceMs,
  );

  test.for(runsOf(module))("%s", (name) => {
    const { status, why } = outcomes.get(name) ?? { status: "did not run", why: "" };
    expect(status, why).toBe("pass");
  });
});

describe.runIf(providers !== undefined)(`all of infra ${whenTerraform}`, () => {
  let terraform: Terraform;
  beforeAll(() => {
    terraform = terraformIn("infra");
  });
  afterAll(() => terraform.remove());

  test("is formatted", async () => {
    expect(await terraform.attempt("fmt", "-check", "-recursive", "-no-color")).toMatchObject({
      exitCode: 0,
      stdout: "",
    });
  });

  test(
    "the example is valid",
    async () => {
      const example = terraformIn("infra", "examples/production");
      await example.terraform(...initWords());
      expect(JSON.parse(await example.terraform("validate", "-json")).diagnostics).toEqual([]);
      example.remove();
    },
    patienceMs,
  );
});

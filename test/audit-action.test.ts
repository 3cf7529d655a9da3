/** The composite action: its script with a false `npx` that notes what it is given, and what must hold of action.yml. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { auditReportText } from "./support/audit-report-text.ts";
import { aBucket, aReport, aResult, suppressedResult, textOptions } from "./support/audit-reports.ts";
import { useTemporaryDirectory } from "./support/temporary-directory.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const directory = useTemporaryDirectory();

const report = aReport([aBucket({ results: [aResult(), suppressedResult] })]);
const inputs = {
  INPUT_BUCKET: "drop",
  INPUT_PLAN: "",
  INPUT_SOURCE: "",
  INPUT_ROLE: "",
  INPUT_FUNCTION: "",
  INPUT_PREFIX: "",
  INPUT_ORIGINS: "",
  INPUT_MAX_AGE: "",
  INPUT_FAIL_ON: "high",
  INPUT_FORMAT: "human",
  INPUT_CONFIG: "",
  INPUT_BASELINE: "",
  INPUT_VERSION: "1.2.3",
};

describe("the script", () => {
  test("hands the inputs on as options, and the buckets after them", () => {
    const { given } = runAction({
      INPUT_BUCKET: "drop\nother  third\n",
      INPUT_ORIGINS: "https://a.example https://b.example",
      INPUT_PREFIX: "uploads/",
    });
    expect(given.filter((word) => word !== "-o" && !/^\w+=.*\/audit\.\w+$/.test(word))).toEqual([
      "--yes",
      "s3up@1.2.3",
      "audit",
      "--prefix=uploads/",
      "--fail-on=high",
      "--format=human",
      "--origin=https://a.example",
      "--origin=https://b.example",
      "--",
      "drop",
      "other",
      "third",
    ]);
  });

  test("audits all buckets where none is named", () => {
    expect(runAction({ INPUT_BUCKET: "" }).given).toContain("--all");
  });

  test("audits plans instead, and beside buckets where some are named", () => {
    const alone = runAction({ INPUT_BUCKET: "", INPUT_PLAN: "plan.json\nother.json", INPUT_SOURCE: "infra" }).given;
    expect(alone).toEqual(expect.arrayContaining(["--plan=plan.json", "--plan=other.json", "--source=infra"]));
    expect(alone).not.toContain("--all");
    const beside = runAction({ INPUT_PLAN: "plan.json" }).given;
    expect(beside).toContain("--plan=plan.json");
    expect(beside.slice(beside.indexOf("--"))).toEqual(["--", "drop"]);
  });

  test("runs the version of the action itself", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(runAction({ INPUT_VERSION: "" }).given[1]).toBe(`s3up@${version}`);
  });

  test("takes what an input holds for text", () => {
    const evil = "$(touch evil)`touch evil`;touch evil; --debug";
    const { given, cwd } = runAction({ INPUT_PREFIX: evil, INPUT_BUCKET: "--config=/etc/passwd *" });
    expect(given).toContain(`--prefix=${evil}`);
    expect(given.slice(given.indexOf("--"))).toEqual(["--", "--config=/etc/passwd", "*"]);
    expect(existsSync(join(cwd, "evil"))).toBe(false);
  });

  test.for([0, 1, 5])("leaves exit code %i to the last step, after the upload", (code) => {
    const { status, outputs } = runAction({}, code);
    expect(status).toBe(0);
    expect(outputs["exit-code"]).toBe(String(code));
  });

  test("writes the job summary, and keeps suppressed findings from code scanning", () => {
    const { outputs, summary } = runAction({}, 1);
    expect(summary).toBe(auditReportText("markdown", report, textOptions));
    const resultsIn = (name: string) => JSON.parse(readFileSync(outputs[name] ?? "", "utf8")).runs[0].results.length;
    expect([resultsIn("sarif-file"), resultsIn("alerts-file")]).toEqual([2, 1]);
    expect(JSON.parse(readFileSync(outputs["json-file"] ?? "", "utf8")).type).toBe("audit");
  });

  test("has no files to upload where the audit could not begin", () => {
    const { outputs, summary } = runAction({}, 2);
    expect(outputs).toEqual({ "exit-code": "2" });
    expect(summary).toBe("");
  });

  test("lets the audit write workflow commands only where annotations are asked for", () => {
    expect(runAction({}).out).toMatch(/^::stop-commands::([\w-]{36})\nthe report\n::\1::\n$/);
    expect(runAction({ INPUT_FORMAT: "github" }).out).toBe("the report\n");
  });
});

describe("action.yml", () => {
  const action = readFileSync(join(root, "action.yml"), "utf8");

  test("puts no expression into the text of a script", () => {
    const scripts = action.match(/^ +run: (?:\|\n(?: {8}.*\n)+|.*\n)/gm) ?? [];
    expect(scripts).toHaveLength(3);
    expect(scripts.join("")).not.toContain("${{");
  });

  test("hands every input on, and each variable is one that the script reads", () => {
    const declared =
      action.slice(action.indexOf("inputs:"), action.indexOf("outputs:")).match(/^ {2}[\w-]+(?=:)/gm) ?? [];
    const used = [...action.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => `  ${name}`);
    expect(new Set(used)).toEqual(new Set(declared));
    const variables = action.match(/INPUT_\w+(?=:)/g) ?? [];
    expect(variables.toSorted()).toEqual(Object.keys(inputs).toSorted());
  });
});

function runAction(changes: Partial<typeof inputs>, code = 0) {
  const cwd = directory();
  const [output, summary, given] = ["output", "summary", "given"].map((name) => join(cwd, name)) as [
    string,
    string,
    string,
  ];
  for (const file of [output, summary]) writeFileSync(file, "");
  for (const format of ["sarif", "json", "markdown"] as const) {
    writeFileSync(join(cwd, `made.${format}`), auditReportText(format, report, textOptions));
  }
  const npx = join(cwd, "npx");
  writeFileSync(npx, falseNpx);
  chmodSync(npx, 0o755);
  const run = spawnSync("bash", [join(root, "scripts/audit-action.sh")], {
    cwd,
    encoding: "utf8",
    env: {
      PATH: `${cwd}:${process.env.PATH}`,
      RUNNER_TEMP: cwd,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      GIVEN: given,
      MADE: join(cwd, "made"),
      CODE: String(code),
      ...inputs,
      ...changes,
    },
  });
  expect(run.stderr).toBe("");
  return {
    cwd,
    status: run.status,
    out: run.stdout,
    given: readFileSync(given, "utf8").split("\0").slice(0, -1),
    summary: readFileSync(summary, "utf8"),
    outputs: Object.fromEntries(
      readFileSync(output, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => line.split("=") as [string, string]),
    ),
  };
}

/** Notes its arguments, and with any exit code of an audit that ran, writes the reports that it is asked for. */
const falseNpx = `#!/usr/bin/env bash
printf '%s\\0' "$@" > "$GIVEN"
echo "the report"
for word in "$@"; do
  case $word in *=*/audit.*)
    [ "$CODE" = 2 ] || cp "$MADE.\${word%%=*}" "\${word#*=}"
  esac
done
exit "$CODE"
`;

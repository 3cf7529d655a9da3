import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { run, s3up } from "../support/built-program.ts";

interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly inputs: Readonly<Record<string, unknown>>;
        readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[];
      }
    >
  >;
}

const root = new URL("../../", import.meta.url);
const { outputs } = JSON.parse(readFileSync(new URL("dist/metafile.json", root), "utf8")) as Metafile;

/** The chunks that a file needs before its first line runs, itself included. */
function neededBy(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const { path, kind, external } of outputs[file]?.imports ?? []) {
    if (kind === "import-statement" && !external) neededBy(path, seen);
  }
  return seen;
}

function sourcesOf(file: string): readonly string[] {
  return [...neededBy(file)].flatMap((chunk) => Object.keys(outputs[chunk]?.inputs ?? {}));
}

function chunkOf(source: string): string {
  const found = Object.entries(outputs).find(([, { inputs }]) => source in inputs);
  if (found === undefined) throw new Error(`${source} is in no chunk`);
  return found[0];
}

describe("what is loaded", () => {
  test.for<[string, () => string, RegExp]>([
    ["before the arguments are read: nothing heavy", () => "dist/main.js", /node_modules/],
    ["for the runtime: nothing heavy", () => "dist/node-runtime.js", /node_modules/],
    [
      "for --help: no SDK, bar, spinner or sandbox",
      () => chunkOf("src/program.ts"),
      /@aws|@smithy|cli-progress|\/ora\/|src\/(aws|sandbox|http)\//,
    ],
    ["for the sandbox: not before it is started", () => chunkOf("src/commands/sandbox.ts"), /src\/sandbox\//],
  ])("%s", ([, file, heavy]) => {
    expect(sourcesOf(file()).filter((source) => heavy.test(source))).toEqual([]);
  });
});

describe("the process", () => {
  test("--version is the version of the package", async () => {
    const { version } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
    expect(await s3up(["--version"])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("alone it shows its help", async () => {
    const ran = await s3up([]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(ran.stdout).toContain("Usage: s3up");
  });

  test("says nothing of Node versions", async () => {
    const env = {
      AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "example-secret",
      AWS_REGION: "eu-central-1",
    };
    const ran = await s3up(["presign", "s3://drop/k", "--quiet"], { env, signsToStdout: true });
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test("a reader that has seen enough is no error", async () => {
    const bin = new URL("bin/s3up.js", root).pathname;
    const ran = await run("/bin/sh", ["-c", `"${process.execPath}" "${bin}" --help | head -n 1; true`], {
      env: { PATH: process.env.PATH ?? "" },
    });
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  });
});

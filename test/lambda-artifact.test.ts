/** The zip that `npm run build:lambda` makes: the same bytes wherever and whenever, and what Lambda needs in it. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { useTemporaryDirectory } from "./support/temporary-directory.ts";
import { zipEntries } from "./support/zip-entries.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const directory = useTemporaryDirectory();

interface Surroundings {
  readonly from?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly umask?: string;
}

function buildInto(folder: string, { from = root, cwd = root, env = {}, umask = "022" }: Surroundings = {}) {
  const script = join(from, "scripts/build-lambda.mjs");
  const words = ["-c", 'umask "$1"; shift; exec "$@"', "sh", umask, process.execPath, script, folder];
  const ran = spawnSync("sh", words, { cwd, env: { PATH: process.env.PATH, ...env }, encoding: "utf8" });
  expect(ran.stderr).toBe("");
  expect(ran.status).toBe(0);
  return { stdout: ran.stdout, zip: readFileSync(join(folder, "s3up-presign.zip")) };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

describe("the same bytes", () => {
  let first = "";
  beforeAll(() => {
    first = sha256(readFileSync(join(root, "dist-lambda/s3up-presign.zip")));
  });

  test("with another clock zone, umask, language and working directory", () => {
    const odd = { cwd: "/", umask: "077", env: { TZ: "Pacific/Kiritimati", LC_ALL: "tr_TR.UTF-8", HOME: "/" } };
    const { zip, stdout } = buildInto(directory(), odd);
    expect(sha256(zip)).toBe(first);
    expect(stdout).toContain(first);
    expect(stdout).toContain(Buffer.from(first, "hex").toString("base64"));
  });

  test("from a checkout at another place, whose files are newer", () => {
    const other = join(directory(), "elsewhere/of/another name");
    mkdirSync(other, { recursive: true });
    for (const part of ["src", "scripts", "package.json"])
      cpSync(join(root, part), join(other, part), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(other, "node_modules"));
    expect(sha256(buildInto(directory(), { from: other }).zip)).toBe(first);
  });
});

describe("what is in it", () => {
  const zip = () => readFileSync(join(root, "dist-lambda/s3up-presign.zip"));

  test("sorted names, one fixed time, files that everybody may read, stored as they are", () => {
    const told = zipEntries(zip()).map(({ name, time, mode, method }) => [name, time, mode.toString(8), method]);
    expect(told).toEqual([
      ["THIRD-PARTY-NOTICES.txt", "1980-01-01T00:00:00", "100644", "stored"],
      ["lambda.mjs", "1980-01-01T00:00:00", "100644", "stored"],
    ]);
  });

  test("Python, as a second reader, finds nothing wrong with it", () => {
    const python = spawnSync("python3", ["-m", "zipfile", "-t", join(root, "dist-lambda/s3up-presign.zip")], {
      encoding: "utf8",
    });
    if (python.error === undefined) expect(python.stdout.trim()).toBe("Done testing");
  });

  test("the bundle is small, tells no path of the machine, and loads where there is nothing but Node", () => {
    const bundle = zipEntries(zip()).find(({ name }) => name === "lambda.mjs")?.content ?? Buffer.alloc(0);
    expect(bundle.length).toBeLessThanOrEqual(1_000_000);
    expect(bundle.toString()).not.toContain(root.slice(0, -1));
    writeFileSync(join(directory(), "lambda.mjs"), bundle);
    const words = ["--input-type=module", "-e", 'console.log(typeof (await import("./lambda.mjs")).handler)'];
    const ran = spawnSync(process.execPath, words, { cwd: directory(), env: {}, encoding: "utf8" });
    expect([ran.stderr, ran.stdout]).toEqual(["", "function\n"]);
  });

  test("the licences of everything that was bundled", () => {
    const notices =
      zipEntries(zip())
        .find(({ name }) => name === "THIRD-PARTY-NOTICES.txt")
        ?.content.toString() ?? "";
    for (const name of ["@aws-sdk/client-s3", "@smithy/core", "valibot"]) expect(notices).toContain(`${name} `);
  });
});

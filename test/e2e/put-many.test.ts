import { randomBytes } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type RunOptions, s3up, withCredentials, withEndpoint } from "../support/built-program.ts";
import { sdkClient, useSandbox } from "../support/running-sandbox.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const MiB = 1024 ** 2;
const started = useSandbox();
const directory = useTemporaryDirectory();
let env: Readonly<Record<string, string>>;

const tree = new Map<string, Buffer>();

beforeAll(() => {
  env = withCredentials(started.sandbox);
});

beforeEach(() => {
  tree.clear();
  for (let at = 0; at < 300; at += 1) tree.set(`d${at % 7}/e${at % 3}/file ${at}.txt`, randomBytes(at * 10));
  tree.set("big.bin", randomBytes(17 * MiB));
  tree.set(".hidden", Buffer.from("hidden"));
  tree.set("\u00fcml\u00e4ut+&?#%.txt", Buffer.from("signs"));
  for (const [name, bytes] of tree) write(`tree/${name}`, bytes);
});

function write(path: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(join(directory(), path)), { recursive: true });
  writeFileSync(join(directory(), path), bytes);
}

const put = (argv: readonly string[], options: RunOptions = {}) =>
  s3up(["put", ...argv], { cwd: directory(), env, ...options });

async function storedUnder(prefix: string): Promise<ReadonlyMap<string, Buffer>> {
  const s3 = sdkClient(started.sandbox);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "drop", Prefix: prefix }));
  const stored = Contents.map(async ({ Key = "" }) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "drop", Key }));
    return [Key.slice(prefix.length), Buffer.from((await Body?.transformToByteArray()) ?? [])] as const;
  });
  return new Map(await Promise.all(stored));
}

// Three hundred uploads and as many downloads, on a machine that may have other things to do.
describe("a directory", { timeout: 120_000 }, () => {
  test("arrives whole, each file under its path", async () => {
    const ran = await put(["tree", "s3://drop/whole", "--recursive", "--no-progress"]);
    expect(ran).toMatchObject({ exitCode: 0 });
    expect(ran.stderr).toBe("303 files stored, 17.4 MiB\n");
    expect(ran.stdout.trimEnd().split("\n")).toHaveLength(tree.size);

    const stored = await storedUnder("whole/");
    expect([...stored.keys()].sort()).toEqual([...tree.keys()].sort());
    for (const [name, bytes] of tree) expect(stored.get(name)?.equals(bytes), name).toBe(true);
  });

  test("without --recursive is refused with the flag's name", async () => {
    const { exitCode, stderr } = await put(["tree", "s3://drop/no/"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--recursive");
  });

  test("goes through the endpoint without credentials, each file by its name", async () => {
    write("small/a.txt", "alpha");
    write("small/d/b.txt", "beta");
    const ran = await put(["small", "--recursive", "--quiet"], { env: withEndpoint(started.sandbox) });
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(ran.stdout).toMatch(/-a\.txt\t5\t/);
    expect(ran.stdout).toMatch(/-b\.txt\t4\t/);
  });

  test("with a file that fails stores the others, and names it at the end", async () => {
    write("bad/a.txt", "alpha");
    write("bad/b.txt", "beta");
    write(`bad/${"x".repeat(200)}/${"y".repeat(200)}/c.txt`, "gamma");
    const prefix = `s3://drop/${"p".repeat(650)}`;
    const { exitCode, stdout, stderr } = await put(["bad", prefix, "--recursive"]);
    expect(exitCode).toBe(2);
    expect(stdout.trimEnd().split("\n")).toHaveLength(2);
    expect(stderr).toMatch(
      /2 files stored, 9 B; 1 file failed\n {2}bad\/x.*c\.txt: The key of .* would be too long\.\n$/,
    );
  });
});

test.for<[string, readonly string[], readonly string[]]>([
  ["a quoted pattern", ["sel/*.jpg", "s3://drop/pattern/"], ["a.jpg"]],
  ["a pattern through all directories", ["sel/**/*.jpg", "s3://drop/deep/"], ["a.jpg", "d/b.jpg"]],
  [
    "filters, the last of which counts",
    ["sel", "s3://drop/filter/", "--recursive", "--exclude", "*", "--include", "*.txt"],
    ["c.txt"],
  ],
])("%s finds its files", async ([, argv, names]) => {
  write("sel/a.jpg", "a");
  write("sel/d/b.jpg", "b");
  write("sel/c.txt", "c");
  expect(await put([...argv, "--quiet"])).toMatchObject({ exitCode: 0, stderr: "" });
  const prefix = argv[1]?.replace("s3://drop/", "") ?? "";
  expect([...(await storedUnder(prefix)).keys()].sort()).toEqual(names);
});

test("names come from stdin, ended by NUL or by line", async () => {
  write("l/a b.txt", "a");
  write("l/c.txt", "c");
  for (const end of ["\n", "\0"]) {
    const prefix = `list-${end.charCodeAt(0)}/`;
    const input = `l/a b.txt${end}./l/c.txt${end}`;
    expect(await put(["--files-from", "-", `s3://drop/${prefix}`, "--quiet"], { input })).toMatchObject({
      exitCode: 0,
      stderr: "",
    });
    expect([...(await storedUnder(prefix)).keys()]).toEqual(["l/a b.txt", "l/c.txt"]);
  }
});

test("a broken link is told and does no harm", async () => {
  write("links/a.txt", "a");
  symlinkSync("nowhere", join(directory(), "links/broken"));
  const { exitCode, stderr } = await put(["links", "s3://drop/links/", "--recursive"]);
  expect(exitCode).toBe(0);
  expect(stderr).toContain("Warning: links/broken is left out.\n  It is a symbolic link that leads nowhere.");
  expect(stderr).toContain("1 file stored, 1 B; 1 left out");
});

test("a bucket that is not there is told once", async () => {
  const { exitCode, stdout, stderr } = await put(["tree", "s3://nowhere/", "--recursive"]);
  expect([exitCode, stdout]).toEqual([3, ""]);
  expect(stderr.match(/nowhere does not exist/g)).toHaveLength(1);
  expect(stderr).toContain("not stored");
});

test("--delete-source leaves nothing of what is stored, and all of what is not", async () => {
  write("moved/a.txt", "alpha");
  write("moved/sub/b.txt", "beta");
  expect(await put(["moved", "s3://drop/moved/", "--recursive", "--delete-source", "--quiet"])).toMatchObject({
    exitCode: 0,
    stderr: "",
  });
  await expect(access(join(directory(), "moved/a.txt"))).rejects.toThrow();
  await expect(access(join(directory(), "moved/sub/b.txt"))).rejects.toThrow();
  expect([...(await storedUnder("moved/")).keys()]).toEqual(["a.txt", "sub/b.txt"]);
});

test("--dry-run lists what would be uploaded, and its sum", async () => {
  write("dry/a.txt", "alpha");
  write("dry/b.bin", Buffer.alloc(20 * MiB));
  const { exitCode, stdout } = await put(["dry", "s3://drop/dry/", "--recursive", "--dry-run", "--part-size", "8MiB"]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("Would upload dry/a.txt to s3://drop/dry/a.txt (5 B)\n");
  expect(stdout).toContain("Would upload dry/b.bin to s3://drop/dry/b.bin (20 MiB, 3 parts of 8 MiB)\n");
  expect(stdout).toMatch(
    /Would upload 2 files, 20 MiB\n {2}requests {2}6\n {2}memory {4}20 MiB of file content at most\n$/,
  );
  expect([...(await storedUnder("dry/")).keys()]).toEqual([]);
});

test("--json tells each file, and the sum", async () => {
  write("json/a.txt", "alpha");
  write("json/b.txt", "beta");
  const { stdout } = await put(["json", "s3://drop/json/", "--recursive", "--json", "--no-progress"]);
  const lines = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(
    lines
      .filter(({ type }) => type === "result")
      .map(({ path }) => path)
      .sort(),
  ).toEqual(["json/a.txt", "json/b.txt"]);
  expect(lines.at(-1)).toMatchObject({ type: "summary", stored: 2, failed: 0, bytes: 9, skipped: 0 });
});

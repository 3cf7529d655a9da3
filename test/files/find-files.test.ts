import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { findFiles } from "../../src/files/find-files.ts";
import type { Found, Selection } from "../../src/upload/selection.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const directory = useTemporaryDirectory();
const at = (...segments: string[]) => join(directory(), ...segments);

function write(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), path);
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function find(
  operands: readonly string[],
  changes: Partial<Selection> = {},
  stdin = nothing(),
): Promise<Found[]> {
  const selection: Selection = {
    operands: operands.map((operand) => at(operand)),
    filesFrom: undefined,
    recursive: true,
    symlinks: "files",
    filters: [],
    ...changes,
  };
  const found: Found[] = [];
  for await (const entry of findFiles(selection, stdin)) found.push(entry);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Names as they become keys; what is no file with the reason. */
function brief(found: readonly Found[]): readonly string[] {
  return found
    .map((entry) => {
      if (entry.kind === "file") return entry.name;
      return `${entry.kind} ${entry.name}: ${entry.kind === "failed" ? entry.error.message.replace(directory(), "") : entry.why}`;
    })
    .sort();
}

describe("a directory", () => {
  beforeEach(() => write("site/index.html", "site/img/a.png", "site/img/.hidden", "site/img/deep/b.png", "other.txt"));

  test("gives its files under their paths below it, hidden ones too, and nothing for an empty one", async () => {
    mkdirSync(at("site/empty"));
    expect(brief(await find(["site"]))).toEqual(["img/.hidden", "img/a.png", "img/deep/b.png", "index.html"]);
  });

  test("is the same with a slash at its end", async () => {
    expect(brief(await find(["site/img/"]))).toEqual([".hidden", "a.png", "deep/b.png"]);
  });

  test("stands for itself without --recursive: whoever opens it says what to do", async () => {
    expect(await find(["site"], { recursive: false })).toMatchObject([
      { kind: "file", within: false, path: at("site") },
    ]);
  });

  test("gives what the filters leave, relative to it", async () => {
    const filters = [
      { action: "exclude", pattern: "*" },
      { action: "include", pattern: "img/*.png" },
    ] as const;
    expect(brief(await find(["site"], { filters }))).toEqual(["img/a.png", "img/deep/b.png"]);
  });

  test("beside a file gives both", async () => {
    expect(brief(await find(["other.txt", "site/img/deep"]))).toEqual(["b.png", "other.txt"]);
  });
});

describe("symbolic links", () => {
  beforeEach(() => {
    write("tree/a.txt", "elsewhere/b.txt");
    symlinkSync("../elsewhere/b.txt", at("tree/file-link"));
    symlinkSync("../elsewhere", at("tree/directory-link"));
    symlinkSync("nowhere", at("tree/broken"));
    symlinkSync("round", at("tree/round"));
    symlinkSync("..", at("elsewhere/up"));
  });

  test.for<[string, Selection["symlinks"], readonly string[]]>([
    [
      "to files are followed, others are told",
      "files",
      [
        "a.txt",
        "file-link",
        "skipped broken: It is a symbolic link that leads nowhere.",
        "skipped directory-link: It is a symbolic link to a directory; --follow-symlinks follows it.",
        "skipped round: It is a symbolic link that leads round in a circle.",
      ],
    ],
    ["are all left out with --no-follow-symlinks", "none", ["a.txt"]],
  ])("%s", async ([, symlinks, expected]) => {
    expect(brief(await find(["tree"], { symlinks }))).toEqual(expected);
  });

  test("to directories are followed when asked for, and a circle ends", async () => {
    const names = brief(await find(["tree"], { symlinks: "all" }));
    expect(names).toContain("directory-link/b.txt");
    expect(names.filter((name) => name.includes("a circle."))).not.toEqual([]);
  });

  test("to a directory are followed when the user names them", async () => {
    expect(brief(await find(["tree/directory-link"], { symlinks: "files" }))).toContain("b.txt");
  });
});

describe("what cannot be uploaded", () => {
  test("is left out when it is no regular file", async () => {
    write("tree/a.txt");
    execFileSync("mkfifo", [at("tree/pipe")]);
    const server = createServer().listen(at("tree/socket"));
    await new Promise((resolve) => server.once("listening", resolve));
    const names = brief(await find(["tree"]));
    server.close();
    expect(names).toEqual(["a.txt", "skipped pipe: It is no regular file.", "skipped socket: It is no regular file."]);
  });

  test("is a failure where a name is no UTF-8", async () => {
    write("tree/a.txt");
    writeFileSync(Buffer.concat([Buffer.from(at("tree/")), Buffer.from([0x62, 0xff])]), "");
    expect(brief(await find(["tree"]))).toEqual([
      "a.txt",
      "failed b\uFFFD: The name of /tree/b\uFFFD is not valid UTF-8.",
    ]);
  });

  test("is a failure where a directory may not be read", async ({ skip }) => {
    if (process.getuid?.() === 0) skip();
    write("tree/a.txt", "tree/closed/b.txt");
    await chmod(at("tree/closed"), 0);
    expect(brief(await find(["tree"]))).toEqual(["a.txt", "failed closed/: /tree/closed cannot be read."]);
    await chmod(at("tree/closed"), 0o700);
  });
});

describe("a pattern", () => {
  beforeEach(() => write("p/a.jpg", "p/b.txt", "p/2026/c.jpg", "p/2026/05/d.jpg", "p/[1].jpg", "q/e.jpg"));

  test.for<[string, readonly string[]]>([
    ["p/*.jpg", ["[1].jpg", "a.jpg"]],
    ["p/**/*.jpg", ["2026/05/d.jpg", "2026/c.jpg", "[1].jpg", "a.jpg"]],
    ["*/?.jpg", ["p/a.jpg", "q/e.jpg"]],
    ["p/20*/*.jpg", ["2026/c.jpg"]],
    ["p/[ab].*", ["a.jpg", "b.txt"]],
    ["p/[1].jpg", ["[1].jpg"]],
    ["p/2*", ["failed"]],
  ])("%s finds %j", async ([pattern, expected]) => {
    const names = brief(await find([pattern], { recursive: false })).map((name) =>
      name.replace(/^failed .*/, "failed"),
    );
    expect(names).toEqual(expected);
  });

  test("that matches a directory goes through it with --recursive", async () => {
    expect(brief(await find(["p/2*"]))).toEqual(["2026/05/d.jpg", "2026/c.jpg"]);
  });

  test("that matches nothing is a failure", async () => {
    expect(await find(["p/*.png"])).toMatchObject([{ kind: "failed", error: { code: "FILE_NOT_FOUND" } }]);
  });
});

describe("--files-from", () => {
  const list = async (text: string | Uint8Array, changes: Partial<Selection> = {}) => {
    async function* stdin() {
      // One byte at a time, as a slow pipe may give it.
      for (const byte of Buffer.from(text)) yield Uint8Array.of(byte);
    }
    return find([], { filesFrom: "-", ...changes }, stdin());
  };

  test.for<[string, string, readonly string[]]>([
    ["takes names one a line", "a.txt\nd/b c.txt\n", ["a.txt", "d/b c.txt"]],
    ["leaves out empty lines, and needs none at its end", "\n\na.txt\n\nb.txt", ["a.txt", "b.txt"]],
    ["takes lines of Windows", "a.txt\r\nb.txt\r\n", ["a.txt", "b.txt"]],
    ["takes names that end in NUL, with line breaks in them", "a\nb.txt\0c.txt\0", ["a\nb.txt", "c.txt"]],
    ["cleans what leads to the same name", "./a.txt\n/etc//hosts\n", ["a.txt", "etc/hosts"]],
    ["is empty", "", []],
  ])("%s", async ([, text, names]) => {
    expect(brief(await list(text))).toEqual(names);
  });

  test("refuses names that lead out, and names that are no UTF-8", async () => {
    const text = Buffer.concat([Buffer.from("../a\n"), Buffer.from([0x62, 0xff, 0x0a])]);
    expect((await list(text)).map(({ kind }) => kind)).toEqual(["failed", "failed"]);
  });

  test("takes directories with --recursive, under their own names", async () => {
    write("tree/d/a.txt");
    const found = await list(`${at("tree")}\n`);
    expect(found).toMatchObject([{ kind: "file", path: at("tree/d/a.txt"), within: true }]);
    expect(brief(found)[0]).toMatch(/\/tree\/d\/a\.txt$/);
  });

  test("that is not there is an error", async () => {
    await expect(find([], { filesFrom: at("none") })).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  });

  test("that is no list is an error", async () => {
    await expect(list("x".repeat(70_000))).rejects.toMatchObject({ code: "USAGE" });
  });
});

import { describe, expect, test } from "vitest";
import { S3upError } from "../src/errors.ts";
import { main } from "../src/main.ts";
import { type RuntimeChanges, testRuntime } from "./support/command-runtime.ts";

const signature = "0123456789abcdef".repeat(4);
const url = `https://drop.s3.eu-central-1.amazonaws.com/k?X-Amz-Credential=AKIA%2F20260304&X-Amz-Signature=${signature}`;

function run(argv: readonly string[], changes: RuntimeChanges = {}) {
  const runtime = testRuntime(changes);
  return main(argv, runtime).then((exitCode) => ({ exitCode, runtime, out: runtime.out(), err: runtime.err() }));
}

/** A runtime whose files all fail with this error. */
function failing(error: unknown): RuntimeChanges {
  return {
    readText: async () => {
      throw error;
    },
  };
}

describe("what is asked for often", () => {
  test.for(["--version", "-V"])("%s is the version alone", async (flag) => {
    expect(await run([flag])).toMatchObject({ exitCode: 0, out: "1.2.3\n", err: "" });
  });

  test.for<readonly string[]>([[], ["--help"], ["help"]])("%j shows the commands and the exit codes", async (argv) => {
    const { exitCode, out, err } = await run(argv);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    for (const text of ["put", "presign", "explain", "sandbox", "Exit codes:", "70   a bug in s3up"]) {
      expect(out).toContain(text);
    }
  });

  test.for(["put", "presign", "explain", "sandbox"])(
    "%s --help has examples and the options of all",
    async (command) => {
      const { exitCode, out } = await run([command, "--help"]);
      expect(exitCode).toBe(0);
      expect(out).toContain(`Usage: s3up ${command}`);
      expect(out).toContain("Examples:\n  $ ");
      expect(out).toContain("--json");
    },
  );
});

describe("an error", () => {
  test("that was foreseen is three lines and its own exit code", async () => {
    const error = new S3upError("ACCESS_DENIED", "S3 does not allow it.", {
      why: "A policy denies it.",
      hint: "Allow it.",
    });
    expect(await run(["explain", "f"], failing(error))).toMatchObject({
      exitCode: 4,
      out: "",
      err: "Error: S3 does not allow it.\n  A policy denies it.\n  Allow it.\n",
    });
  });

  test("that nobody foresaw is a bug, and says how to report it", async () => {
    const { exitCode, err } = await run(["explain", "f"], failing(new TypeError("x is not a function")));
    expect(exitCode).toBe(70);
    expect(err).toBe(
      "Error: s3up 1.2.3 has a bug.\n  TypeError: x is not a function\n  Please report it with the output of the same command and --debug.\n",
    );
  });

  test("of a system without file descriptors is no bug", async () => {
    const error = Object.assign(new Error("EMFILE: too many open files"), { code: "EMFILE" });
    const { exitCode, err } = await run(["explain", "f"], failing(error));
    expect(exitCode).toBe(2);
    expect(err).toContain(
      "Too many files are open.\n  The system gives this process no more file descriptors (EMFILE).",
    );
  });

  test("is one line of JSON with --json, also when the words themselves are wrong", async () => {
    const { exitCode, runtime, err } = await run(["put", "f", "s3://drop/", "--json", "--part-sise", "1"]);
    expect({ exitCode, err }).toEqual({ exitCode: 2, err: "" });
    expect(runtime.lines).toEqual([
      {
        type: "error",
        code: "USAGE",
        message: "Unknown option --part-sise.",
        why: "s3up put has no such option.",
        hint: "Did you mean --part-size? See s3up put --help.",
        exitCode: 2,
      },
    ]);
  });

  test("is JSON as well when the environment asks for it", async () => {
    const { runtime } = await run(["bogus"], { environment: { S3UP_JSON: "1" } });
    expect(runtime.lines).toMatchObject([{ type: "error", code: "USAGE", exitCode: 2 }]);
  });

  test("shows its causes with --debug only", async () => {
    const error = new S3upError("NETWORK", "No answer.", {
      cause: new Error("socket hang up", { cause: new Error("ECONNRESET") }),
    });
    expect((await run(["explain", "f"], failing(error))).err).not.toContain("caused by");
    const { err } = await run(["explain", "f", "--debug"], failing(error));
    expect(err).toContain("caused by Error: socket hang up");
    expect(err).toContain("caused by Error: ECONNRESET");
  });
});

describe("no output repeats a signature", () => {
  test.for<[string, unknown]>([
    ["an error that quotes a URL", new S3upError("NETWORK", `GET ${url} failed.`, { why: url, hint: url })],
    ["a cause that quotes a URL", new S3upError("NETWORK", "No.", { cause: new Error(`connect to ${url}`) })],
    ["a bug that quotes a URL", new Error(`cannot read ${url}`)],
    ["a header", new Error(`Authorization: AWS4-HMAC-SHA256 Credential=AKIA/x, Signature=${signature}`)],
    ["a token", new Error(`sent Bearer ${signature}`)],
    ["JSON of a backend", new Error(`{"uploadToken":"${signature}"}`)],
  ])("%s", async ([, error]) => {
    for (const argv of [
      ["explain", "f", "--debug"],
      ["explain", "f", "--debug", "--json"],
    ]) {
      const { err, out, runtime } = await run(argv, failing(error));
      expect(err + out + JSON.stringify(runtime.lines)).not.toContain(signature);
    }
  });

  test("a URL that stands where a number should be", async () => {
    const { err } = await run(["put", "f", "s3://drop/k", "--part-size", url]);
    expect(err).toContain("--part-size cannot be");
    expect(err).not.toContain(signature);
  });
});

describe("colour", () => {
  test.for<[string, readonly string[], Readonly<Record<string, string>>, boolean, boolean]>([
    ["a terminal", [], {}, true, true],
    ["no terminal", [], {}, false, false],
    ["NO_COLOR", [], { NO_COLOR: "1" }, true, false],
    ["FORCE_COLOR", [], { FORCE_COLOR: "1" }, false, true],
    ["FORCE_COLOR=0", [], { FORCE_COLOR: "0" }, true, false],
    ["a dumb terminal", [], { TERM: "dumb" }, true, false],
    ["--no-color beats FORCE_COLOR", ["--no-color"], { FORCE_COLOR: "1" }, true, false],
    ["--color beats NO_COLOR", ["--color"], { NO_COLOR: "1" }, false, true],
  ])("%s", async ([, flags, environment, isTerminal, colored]) => {
    const written: string[] = [];
    await run(["bogus", ...flags], { environment, stderr: { isTerminal, write: (text) => void written.push(text) } });
    expect(written.join("").includes("\u001b[31m")).toBe(colored);
  });
});

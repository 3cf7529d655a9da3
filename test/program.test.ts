import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { settingOf, variableOf } from "../src/commands/configuration.ts";
import { auditConfigKeys, configKeys } from "../src/config/config-file.ts";
import { createProgram, runProgram } from "../src/program.ts";
import { testRuntime } from "./support/command-runtime.ts";

const program = createProgram({ runtime: testRuntime(), argv: [], finish: () => {} });
const options = [program, ...program.commands].flatMap((command) => command.options);

describe("a usage error", () => {
  test.for<[string, string, string, string]>([
    ["put f s3://b/k --bogus", "Unknown option --bogus.", "s3up put has no such option.", "See s3up put --help."],
    [
      "presign --metod get",
      "Unknown option --metod.",
      "s3up presign has no such option.",
      "Did you mean --method? See s3up presign --help.",
    ],
    ["upload f", "Unknown command upload.", "s3up has no such command.", "Did you mean uploads? See s3up --help."],
    ["put", "s3up put needs <file>.", "The command line ends before it.", "See s3up put --help."],
    [
      "put f s3://b/k --part-size",
      "-… needs a value.",
      "The command line ends, or another option follows.",
      "See s3up put --help.",
    ],
    ["explain a b", "s3up explain was given too many words.", "", "See s3up explain --help."],
    [
      "put f s3://b/k -c 0",
      '--concurrency cannot be "0".',
      "That is no number of requests or files.",
      "Write auto or a whole number from 1 to 256.",
    ],
    [
      "presign s3://b/k --expires-in soon",
      '--expires-in cannot be "soon".',
      "That is no duration.",
      "Write whole seconds or a number and a unit, such as 900, 15m or 7d.",
    ],
  ])("s3up %s", async ([line, message, why, hint]) => {
    const failure = runProgram(line.split(" "), testRuntime());
    await expect(failure).rejects.toMatchObject({ code: "USAGE", hint });
    await expect(failure).rejects.toThrow(message.startsWith("-…") ? "needs a value" : message);
    if (why !== "") await expect(failure).rejects.toMatchObject({ why });
  });

  test("in a command added to another program would end the process; here every command throws", () => {
    for (const command of program.commands) {
      expect(() => command.error("error: no", { exitCode: 1 }), command.name()).toThrow();
    }
    expect(program.commands.every((command) => command instanceof Command)).toBe(true);
  });
});

describe("names", () => {
  test("every long option has a variable of its own", () => {
    const named = new Map(options.map((option) => [option.long, variableOf(option)]));
    expect(new Set(named.values()).size).toBe(named.size);
    expect(variableOf(options.find(({ long }) => long === "--no-overwrite") ?? never())).toBe("S3UP_NO_OVERWRITE");
    expect(variableOf(options.find(({ long }) => long === "--endpoint") ?? never())).toBe("S3UP_ENDPOINT");
  });

  test("every setting of the config file is an option", () => {
    const settings = new Set(options.map(settingOf));
    expect(configKeys.filter((key) => !settings.has(key))).toEqual(["suppressions", "audit"]);
  });

  test("every setting of the audit is an option of it, but for what is too long for a line", () => {
    const audit = program.commands.find((command) => command.name() === "audit");
    const settings = new Set(audit?.options.map(settingOf));
    expect(auditConfigKeys.filter((key) => !settings.has(key))).toEqual([
      "kmsKeyId",
      "signedHeaders",
      "publicFunctionReason",
      "suppressions",
    ]);
  });

  test("an option that is no setting names one thing of one run, or a secret", () => {
    const ofOneRun = [
      "acl auth backendEnv bucket color config contentDisposition contentEncoding contentLanguage contentLength contentType",
      "debug dir dryRun fault file format json manifest maxSize method multipart noColor noSignRequest port presignPort",
      "noResume response restart seed token uploadId url version",
      "deleteSource exclude filesFrom include noFollowSymlinks recursive stopOnError",
      "grants ifMatch sseC sseCKey",
      "olderThan plan source all baseline explainRule listRules output permissions probeUpload saveSnapshot snapshot writeBaseline",
    ];
    const isSetting = (name: string) => configKeys.includes(name) || auditConfigKeys.includes(name);
    const others = new Set(options.map(settingOf).filter((name) => !isSetting(name)));
    expect([...others].sort()).toEqual(
      ofOneRun
        .join(" ")
        .split(" ")
        .filter((name) => name !== "auth")
        .sort(),
    );
  });
});

test("help fits a terminal of 100 columns but for the examples", () => {
  for (const command of program.commands) {
    const wide = command
      .helpInformation()
      .split("\n")
      .filter((line) => line.length > 100);
    expect(wide, command.name()).toEqual([]);
  }
});

function never(): never {
  throw new Error("no such option");
}

import { describe, expect, test } from "vitest";
import { createProgram } from "../../src/program.ts";
import { testRuntime } from "../support/command-runtime.ts";

/** The values that a command sees, after the line, the environment and a config file. */
async function valuesOf(
  line: string,
  environment: Readonly<Record<string, string>> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<Record<string, unknown>> {
  const program = createProgram({ runtime: testRuntime({ environment, files }), argv: [], finish: () => {} });
  const put = program.commands.find((command) => command.name() === "put");
  let values: Record<string, unknown> = {};
  put?.action(() => {
    values = put.optsWithGlobals();
  });
  await program.parseAsync(["put", "f", ...line.split(" ").filter(Boolean)], { from: "user" });
  return values;
}

const configOf = (values: object) => ({ "s3up.config.json": JSON.stringify(values) });

describe("what wins", () => {
  test.for<[string, string, Readonly<Record<string, string>>, object, object]>([
    ["nothing: the default", "", {}, {}, { maxMemory: 256 * 1024 ** 2, overwrite: true, verify: false }],
    ["the config file over the default", "", {}, { maxMemory: "1GiB" }, { maxMemory: 1024 ** 3 }],
    [
      "the environment over the config file",
      "",
      { S3UP_MAX_MEMORY: "2GiB" },
      { maxMemory: "1GiB" },
      { maxMemory: 2 * 1024 ** 3 },
    ],
    [
      "the line over both",
      "--max-memory 3GiB",
      { S3UP_MAX_MEMORY: "2GiB" },
      { maxMemory: "1GiB" },
      { maxMemory: 3 * 1024 ** 3 },
    ],
    [
      "the line, though it says the default",
      "--max-memory 256MiB",
      { S3UP_MAX_MEMORY: "2GiB" },
      {},
      { maxMemory: 256 * 1024 ** 2 },
    ],
    ["an empty variable is none", "", { S3UP_MAX_MEMORY: "" }, { maxMemory: "1GiB" }, { maxMemory: 1024 ** 3 }],
    ["a switch of the environment", "", { S3UP_VERIFY: "1" }, {}, { verify: true }],
    ["a switch that is off", "", { S3UP_VERIFY: "0" }, { verify: true }, { verify: false }],
    ["a negative switch", "", { S3UP_NO_OVERWRITE: "true" }, {}, { overwrite: false }],
    ["a negative switch that is off", "", { S3UP_NO_OVERWRITE: "false" }, {}, { overwrite: true }],
    ["a negative switch of the config file", "", {}, { noOverwrite: true }, { overwrite: false }],
    ["a switch of all commands", "", { S3UP_QUIET: "yes" }, {}, { quiet: true }],
    ["pairs of the environment", "", { S3UP_METADATA: "a=1,b=2" }, {}, { metadata: { a: "1", b: "2" } }],
    ["pairs of the config file, commas and all", "", {}, { metadata: { a: "1,2" } }, { metadata: { a: "1,2" } }],
    ["a number of the config file", "", {}, { concurrency: 3 }, { concurrency: 3 }],
    ["the token of the environment", "", { S3UP_TOKEN: "t" }, {}, { token: "t" }],
  ])("%s", async ([, line, environment, config, values]) => {
    expect(await valuesOf(line, environment, configOf(config))).toMatchObject(values);
  });

  test("--config names another file", async () => {
    const files = { ...configOf({ maxMemory: "1GiB" }), "other.json": '{"maxMemory":"2GiB"}' };
    expect(await valuesOf("--config other.json", {}, files)).toMatchObject({ maxMemory: 2 * 1024 ** 3 });
    expect(await valuesOf("", { S3UP_CONFIG: "other.json" }, files)).toMatchObject({ maxMemory: 2 * 1024 ** 3 });
  });
});

describe("a bad value names where it stood", () => {
  test.for<[string, Readonly<Record<string, string>>, object, string, string]>([
    ["the environment", { S3UP_PART_SIZE: "much" }, {}, 'S3UP_PART_SIZE cannot be "much".', "USAGE"],
    ["a switch", { S3UP_VERIFY: "perhaps" }, {}, 'S3UP_VERIFY cannot be "perhaps".', "USAGE"],
    ["the config file", {}, { partSize: "much" }, 'partSize in s3up.config.json cannot be "much".', "USAGE"],
    ["an unknown setting", {}, { partSise: "1" }, "s3up.config.json cannot be used.", "CONFIG_INVALID"],
  ])("%s", async ([, environment, config, message, code]) => {
    await expect(valuesOf("", environment, configOf(config))).rejects.toMatchObject({ message, code });
  });
});

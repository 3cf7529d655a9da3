/**
 * Fills in what the command line left open: first `S3UP_<LONG_OPTION>`, then `s3up.config.json`. Both names follow from the
 * option itself, and both values go through its parser, so that no option can be forgotten.
 */
import { type Command, InvalidArgumentError, type Option } from "commander";
import type { Runtime } from "../runtime.ts";
import { parseSwitch } from "./option-types.ts";
import { badValue } from "./usage-error.ts";

type ConfigValue = string | number | boolean | readonly string[] | Readonly<Record<string, string>>;

/**
 * What makes a command do more than it was asked for, where the setting was made for another command: an audit would ask
 * hostile questions of the endpoint that `put` uploads through. Such an option counts on the command line, and in the
 * command's own section of the config file.
 */
const notShared: Readonly<Record<string, readonly string[]>> = { audit: ["--endpoint"] };

interface OpenOption {
  readonly owner: Command;
  readonly option: Option;
}

/** @throws S3upError USAGE, CONFIG_INVALID */
export async function applyConfiguration(command: Command, runtime: Runtime): Promise<void> {
  const open = openOptions(command);
  const shared = open.filter(({ option }) => !notShared[command.name()]?.includes(option.long ?? ""));
  for (const entry of shared) applyVariable(entry, runtime.environment);

  const config = await readConfig(command, runtime);
  if (config === undefined) return;
  const section = config.sections[command.name()];
  if (section !== undefined) applySection(command, section, config.path);
  for (const entry of shared) applySetting(entry, config.values[settingOf(entry.option)], config.path);
}

/** Settings of one command; what has no option is handed to it under its own name, with the file's path beside it. */
function applySection(command: Command, section: Readonly<Record<string, unknown>>, path: string): void {
  const options = new Map(command.options.map((option) => [settingOf(option), option]));
  for (const [name, value] of Object.entries(section)) {
    const option = options.get(name);
    if (option === undefined) command.setOptionValueWithSource(name, value, "config");
    else if (isConfigValue(value)) applySetting({ owner: command, option }, value, path);
  }
  command.setOptionValueWithSource("configPath", path, "config");
}

/** "--part-size" -> "S3UP_PART_SIZE" */
export function variableOf(option: Option): string {
  return `S3UP_${(option.long ?? "").slice(2).toUpperCase().replaceAll("-", "_")}`;
}

/** "--part-size" -> "partSize" */
export function settingOf(option: Option): string {
  return (option.long ?? "").slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function openOptions(command: Command): readonly OpenOption[] {
  const owners = [];
  for (let owner: Command | null = command; owner !== null; owner = owner.parent) owners.push(owner);
  return owners.flatMap((owner) =>
    owner.options
      .filter((option) => option.long !== "--version" && owner.getOptionValueSource(option.attributeName()) !== "cli")
      .map((option) => ({ owner, option })),
  );
}

function applyVariable({ owner, option }: OpenOption, environment: Runtime["environment"]): void {
  const name = variableOf(option);
  const value = environment[name];
  if (value === undefined || value === "" || isSettled(owner, option)) return;
  settle({ owner, option }, value, "env", name);
}

function applySetting({ owner, option }: OpenOption, value: ConfigValue | undefined, path: string): void {
  if (value === undefined || isSettled(owner, option)) return;
  settle({ owner, option }, value, "config", `${settingOf(option)} in ${path}`);
}

/** Two options of one name (--color, --no-color) share a value: the first that is set keeps it. */
function isSettled(owner: Command, option: Option): boolean {
  const source = owner.getOptionValueSource(option.attributeName());
  return source === "cli" || source === "env" || source === "config";
}

function settle({ owner, option }: OpenOption, value: ConfigValue, source: "env" | "config", from: string): void {
  const parsed = parseFor(option, value, from);
  if (option.negate && parsed === false) return;
  owner.setOptionValueWithSource(option.attributeName(), option.negate ? false : parsed, source);
}

function parseFor(option: Option, value: ConfigValue, from: string): unknown {
  if (isList(value)) {
    return value.reduce<unknown>((earlier, text) => parseText(option, text, from, earlier), undefined);
  }
  return typeof value === "object" ? value : parseText(option, value, from);
}

function parseText(option: Option, value: string | number | boolean, from: string, earlier?: unknown): unknown {
  const text = String(value);
  const takesValue = option.required || option.optional;
  const parse = takesValue ? option.parseArg : parseSwitch;
  try {
    return parse === undefined ? text : parse(text, earlier as undefined);
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw badValue(from, text, error.message, error);
    throw error;
  }
}

function isList(value: ConfigValue): value is readonly string[] {
  return Array.isArray(value);
}

function isConfigValue(value: unknown): value is ConfigValue {
  return value !== undefined && value !== null;
}

interface ReadConfig {
  readonly path: string;
  /** By the name of the command. */
  readonly sections: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
  readonly values: Readonly<Record<string, ConfigValue | undefined>>;
}

async function readConfig(command: Command, runtime: Runtime): Promise<ReadConfig | undefined> {
  const { config: named } = command.optsWithGlobals<{ readonly config?: string }>();
  const { configFileName, parseConfig } = await import("../config/config-file.ts");
  const path = named ?? (await runtime.findUpwards(configFileName));
  if (path === undefined) return undefined;
  const settings = parseConfig(await runtime.readText(path), { path, named: named !== undefined });
  const { audit, suppressions = [], ...values } = settings;
  const accepted = [...suppressions, ...(audit?.suppressions ?? [])];
  return { path, values, sections: { audit: { ...audit, suppressions: accepted } } };
}

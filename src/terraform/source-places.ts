/** Addresses -> the line of the `.tf` or `.tf.json` file where the resource is written; of a module from elsewhere, where it is called. */
import { posix } from "node:path";
import type { SourcePlace } from "../audit/result.ts";
import { moduleSteps } from "./address.ts";
import { type HclBlock, hclBlocks } from "./hcl-blocks.ts";
import { jsonBlocks } from "./json-blocks.ts";
import { jsonOf } from "./json-text.ts";
import { listOf, memberOf, textOf } from "./json-value.ts";

export interface SourceFiles {
  /** Names of the files of a directory; none where there is no such directory. */
  list(directory: string): Promise<readonly string[]>;
  /** Undefined for a file that cannot be read. */
  read(path: string): Promise<string | undefined>;
}

export interface SourceIndex {
  /** Undefined where nothing of it is written below the directory. */
  placeOf(address: string): SourcePlace | undefined;
  /** Files that were looked at. */
  readonly files: number;
}

/** Modules of modules of … deeper are nobody's, or go round in circles. */
const deepest = 16;

interface WrittenModule {
  /** `aws_s3_bucket.this`, `data.aws_s3_bucket.this`, `module.x` -> where. */
  readonly places: ReadonlyMap<string, SourcePlace>;
  readonly modules: ReadonlyMap<string, WrittenModule | undefined>;
}

/** @param root the directory of the root module */
export async function indexSources(root: string, files: SourceFiles): Promise<SourceIndex> {
  const installed = await installedModules(root, files);
  const counted = { files: 0 };
  const module = await readModule(root, [], { root, files, installed, counted });
  return { files: counted.files, placeOf: (address) => placeIn(module, address) };
}

interface Reading {
  readonly root: string;
  readonly files: SourceFiles;
  readonly installed: ReadonlyMap<string, string>;
  readonly counted: { files: number };
}

async function readModule(directory: string, names: readonly string[], reading: Reading): Promise<WrittenModule> {
  const places = new Map<string, SourcePlace>();
  const modules = new Map<string, WrittenModule | undefined>();
  const found = (await reading.files.list(directory)).filter((name) => /\.(?:tf|tofu)(?:\.json)?$/.test(name)).sort();
  for (const name of found) {
    const path = posix.join(directory, name);
    const text = await reading.files.read(path);
    if (text === undefined) continue;
    reading.counted.files++;
    for (const block of name.endsWith(".json") ? jsonBlocks(text) : hclBlocks(text)) {
      const local = localNameOf(block);
      if (local === undefined) continue;
      if (!places.has(local)) places.set(local, { path, line: block.line });
      const call = block.labels[0] ?? "";
      if (block.type !== "module" || names.length >= deepest) continue;
      const below = [...names, call];
      const inside = directoryOf(block, directory, below, reading);
      modules.set(call, inside === undefined ? undefined : await readModule(inside, below, reading));
    }
  }
  return { places, modules };
}

function localNameOf({ type, labels: [first, second] }: HclBlock): string | undefined {
  if (type === "module" && first !== undefined) return `module.${first}`;
  if (first === undefined || second === undefined) return undefined;
  if (type === "resource") return `${first}.${second}`;
  return type === "data" ? `data.${first}.${second}` : undefined;
}

/** Of a module with a path; one from a registry is not part of the project, although `terraform init` put it there. */
function directoryOf(
  { source }: HclBlock,
  directory: string,
  names: readonly string[],
  { root, installed }: Reading,
): string | undefined {
  if (source === undefined) {
    const known = installed.get(names.join("."));
    return known === undefined || known.startsWith(".terraform") ? undefined : posix.join(root, known);
  }
  return source.startsWith("./") || source.startsWith("../") ? posix.join(directory, source) : undefined;
}

/** What `terraform init` wrote down: key of the call -> directory, relative to the root. */
async function installedModules(root: string, files: SourceFiles): Promise<ReadonlyMap<string, string>> {
  const text = await files.read(posix.join(root, ".terraform/modules/modules.json"));
  const entries = listOf(memberOf(jsonOf(text ?? ""), "Modules")).flatMap((entry) => {
    const key = textOf(memberOf(entry, "Key"));
    const directory = textOf(memberOf(entry, "Dir"));
    return key === undefined || directory === undefined ? [] : [[key, directory] as const];
  });
  return new Map(entries);
}

function placeIn(root: WrittenModule, address: string): SourcePlace | undefined {
  const steps = moduleSteps(address);
  let module: WrittenModule = root;
  let call: SourcePlace | undefined;
  for (const { name } of steps) {
    call = module.places.get(`module.${name}`) ?? call;
    const inside = module.modules.get(name);
    if (inside === undefined) return call;
    module = inside;
  }
  const local = /^((?:data\.)?[A-Za-z][\w-]*\.[\w-]+)/.exec(withoutModules(address))?.[1];
  return module.places.get(local ?? "") ?? call;
}

/** `module.a["x.y"].aws_s3_bucket.this[0]` -> `aws_s3_bucket.this[0]` */
function withoutModules(address: string): string {
  return address.replace(/^(?:\.?module\.[^.[\]]+(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?)*\.?/, "");
}

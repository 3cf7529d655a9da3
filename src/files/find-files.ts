/** What the user named -> the files, one after the other. */
import { createReadStream } from "node:fs";
import { lstat, stat } from "node:fs/promises";
import { basename, isAbsolute, sep } from "node:path";
import { S3upError } from "../errors.ts";
import { createNameFilter } from "../upload/name-filter.ts";
import { hasMagic } from "../upload/name-pattern.ts";
import type { Found, FoundFile, Selection } from "../upload/selection.ts";
import { readFileList } from "./file-list.ts";
import { explainUnreadable } from "./file-source.ts";
import { glob } from "./glob.ts";
import { walk } from "./walk.ts";

/** @throws S3upError for a list that cannot be read */
export async function* findFiles(selection: Selection, stdin: AsyncIterable<Uint8Array>): AsyncGenerator<Found> {
  const accepts = createNameFilter(selection.filters);
  for (const operand of selection.operands) yield* accepted(ofOperand(operand, selection), accepts);
  if (selection.filesFrom !== undefined) yield* accepted(ofList(selection.filesFrom, selection, stdin), accepts);
}

async function* accepted(found: AsyncIterable<Found>, accepts: (name: string) => boolean): AsyncGenerator<Found> {
  for await (const entry of found) if (accepts(entry.name)) yield entry;
}

async function* ofOperand(operand: string, selection: Selection): AsyncGenerator<Found> {
  // A file may be called [1].jpg: a pattern is only what no file is called.
  if (hasMagic(operand) && !(await isThere(operand))) yield* glob(operand, selection);
  else yield* ofPath(operand, { kind: "file", path: operand, name: basename(operand), within: false }, "", selection);
}

async function* ofList(from: string, selection: Selection, stdin: AsyncIterable<Uint8Array>): AsyncGenerator<Found> {
  for await (const listed of readFileList(from === "-" ? stdin : readList(from), from)) {
    if ("invalid" in listed) yield unfit(listed.invalid, "Its name is not valid UTF-8.", "Rename the file.");
    else yield* ofListed(listed.name, selection);
  }
}

async function* ofListed(path: string, selection: Selection): AsyncGenerator<Found> {
  const segments = path.split(sep === "\\" ? /[\\/]/ : "/").filter((segment) => segment !== "" && segment !== ".");
  const name = (isAbsolute(path) && /^[a-z]:/i.test(path) ? segments.slice(1) : segments).join("/");
  if (segments.includes("..")) {
    yield unfit(path, "Its key would leave the prefix.", "List names below the working directory, or absolute ones.");
    return;
  }
  yield* ofPath(path, { kind: "file", path, name, within: true }, name === "" ? "" : `${name}/`, selection);
}

/** @param prefix of the names within it, where it is a directory */
async function* ofPath(path: string, file: FoundFile, prefix: string, selection: Selection): AsyncGenerator<Found> {
  // Without --recursive nothing but a file will do, and whether it is one is seen when it is opened.
  if (!selection.recursive || !(await isDirectory(path))) yield file;
  else {
    for await (const found of walk(path, selection)) yield { ...found, name: prefix + found.name };
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function* readList(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw explainUnreadable(path, error);
  }
}

function unfit(path: string, why: string, hint: string): Found {
  return {
    kind: "failed",
    path,
    name: path,
    error: new S3upError("USAGE", `${path} cannot be uploaded from a list.`, { why, hint }),
  };
}

/**
 * The files of a directory and of all below it, one after the other as the file system gives them: nothing is held but
 * the directories on the way down, so that a million files take no more memory than ten.
 */
import type { Dir, Dirent, Stats } from "node:fs";
import { lstat, opendir, stat } from "node:fs/promises";
import { join } from "node:path";
import { S3upError } from "../errors.ts";
import type { Found, Selection } from "../upload/selection.ts";
import { explainUnreadable } from "./file-source.ts";

export interface WalkOptions {
  readonly symlinks: Selection["symlinks"];
  /** Whether to look into the directory of this name; all of them when not given. */
  readonly descend?: (name: string) => boolean;
}

interface OpenDirectory {
  readonly path: string;
  /** Relative to where the walk began, with a slash at its end; empty for the beginning itself. */
  readonly prefix: string;
  /** Device and inode, to find a circle; undefined where links to directories are not followed. */
  readonly id: string | undefined;
  readonly entries: Dir;
}

/** Entries of one read of a directory. */
const bufferSize = 256;

export async function* walk(root: string, options: WalkOptions): AsyncGenerator<Found> {
  const { symlinks, descend = () => true } = options;
  const stack: OpenDirectory[] = [];

  /** @returns what is to be told when it could not be entered */
  async function enter(path: string, prefix: string): Promise<Found | undefined> {
    try {
      const id = symlinks === "all" ? identity(await stat(path)) : undefined;
      if (id !== undefined && stack.some((above) => above.id === id)) {
        return skipped(path, prefix, "It is a symbolic link to a directory above it, a circle.");
      }
      stack.push({ path, prefix, id, entries: await opendir(path, { bufferSize }) });
      return undefined;
    } catch (error) {
      return { kind: "failed", path, name: prefix, error: explainUnreadable(path, error) };
    }
  }

  try {
    const unreadable = await enter(root, "");
    if (unreadable !== undefined) yield unreadable;
    for (let directory = stack.at(-1); directory !== undefined; directory = stack.at(-1)) {
      const entry = await nextEntry(directory);
      if (entry === undefined) {
        stack.pop();
        await directory.entries.close();
        continue;
      }
      if ("kind" in entry) {
        yield entry;
        stack.pop();
        await directory.entries.close().catch(() => {});
        continue;
      }
      const path = join(directory.path, entry.name);
      const name = directory.prefix + entry.name;
      const seen = await look(path, name, entry, symlinks);
      if (seen !== "directory") {
        if (seen !== undefined) yield seen;
      } else if (descend(name)) {
        const closed = await enter(path, `${name}/`);
        if (closed !== undefined) yield closed;
      }
    }
  } finally {
    await Promise.all(stack.map(({ entries }) => entries.close().catch(() => {})));
  }
}

async function nextEntry({ path, prefix, entries }: OpenDirectory): Promise<Dirent | Found | undefined> {
  try {
    return (await entries.read()) ?? undefined;
  } catch (error) {
    return { kind: "failed", path, name: prefix, error: explainUnreadable(path, error) };
  }
}

async function look(
  path: string,
  name: string,
  entry: Dirent,
  symlinks: WalkOptions["symlinks"],
): Promise<Found | "directory" | undefined> {
  // Node puts this sign in the place of bytes that are no UTF-8; the path then leads nowhere, or to another file.
  if (name.includes("\uFFFD") && !(await exists(path))) return misnamed(path, name);
  if (entry.isFile()) return { kind: "file", path, name, within: true };
  if (entry.isDirectory()) return "directory";
  if (!entry.isSymbolicLink()) return skipped(path, name, "It is no regular file.");
  return symlinks === "none" ? undefined : lookBehind(path, name, symlinks);
}

async function lookBehind(path: string, name: string, symlinks: "files" | "all"): Promise<Found | "directory"> {
  try {
    const target = await stat(path);
    if (target.isFile()) return { kind: "file", path, name, within: true };
    if (!target.isDirectory()) return skipped(path, name, "It is a symbolic link to what is no regular file.");
    if (symlinks === "all") return "directory";
    return skipped(path, name, "It is a symbolic link to a directory; --follow-symlinks follows it.");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") {
      return skipped(path, name, "It is a symbolic link that leads nowhere.");
    }
    if (code === "ELOOP") return skipped(path, name, "It is a symbolic link that leads round in a circle.");
    return { kind: "failed", path, name, error: explainUnreadable(path, error) };
  }
}

function skipped(path: string, name: string, why: string): Found {
  return { kind: "skipped", path, name, why };
}

function misnamed(path: string, name: string): Found {
  const error = new S3upError("FILE_UNREADABLE", `The name of ${path} is not valid UTF-8.`, {
    why: "A key in S3 is UTF-8, and another name would be made up for it.",
    hint: "Rename it, for instance with `convmv`, and run the same command again.",
  });
  return { kind: "failed", path, name, error };
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function identity({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}

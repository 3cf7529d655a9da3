import { type Command, Option } from "commander";
import type { NameFilter } from "../upload/name-filter.ts";
import type { Concurrency } from "../upload/resources.ts";
import type { Selection } from "../upload/selection.ts";
import { parseConcurrency } from "./option-types.ts";

export interface SelectionFlags {
  readonly recursive?: boolean;
  readonly include?: readonly PlacedPattern[];
  readonly exclude?: readonly PlacedPattern[];
  readonly filesFrom?: string;
  /** Undefined: links to files, not those to directories. */
  readonly followSymlinks?: boolean;
  readonly jobs?: Concurrency;
  readonly stopOnError?: boolean;
  readonly deleteSource?: boolean;
}

/** A pattern and its place among all of them: --include and --exclude are two options with one order. */
interface PlacedPattern {
  readonly place: number;
  readonly pattern: string;
}

const group = "Many files:";

/** The options without which a file is meant, and not what it may stand for. */
export const manyFilesOptions: readonly string[] = "--recursive --files-from --include --exclude".split(" ");

/** The names are those of `aws s3 cp` where it has them. */
export function addSelectionOptions(command: Command): Command {
  let place = 0;
  const placed = (pattern: string, earlier: readonly PlacedPattern[] = []): readonly PlacedPattern[] => {
    place += 1;
    return [...earlier, { place, pattern }];
  };
  const options = [
    new Option("--recursive", "upload what is in directories, under their relative paths"),
    new Option(
      "--exclude <pattern>",
      "leave out names that match; * matches slashes too; of --exclude and --include the last that matches counts",
    ).argParser(placed),
    new Option("--include <pattern>", "take names in again that an earlier --exclude left out").argParser(placed),
    new Option("--files-from <file>", "read names from a file or - (stdin): one a line, or each ended by NUL"),
    new Option("--follow-symlinks", "follow symbolic links to directories too; without it those to files are followed"),
    new Option("--no-follow-symlinks", "leave out all that is reached by a symbolic link"),
    new Option("-j, --jobs <n>", "files at a time, or auto: as many as make it faster (default: auto)").argParser(
      parseConcurrency,
    ),
    new Option("--stop-on-error", "begin no other file once one has failed"),
    new Option("--delete-source", "delete each file once S3 has confirmed its size and checksum"),
  ];
  for (const option of options) command.addOption(option.helpGroup(group));
  return command;
}

export function selectionRules(flags: SelectionFlags): Omit<Selection, "operands"> {
  return {
    filesFrom: flags.filesFrom,
    recursive: flags.recursive ?? false,
    symlinks: flags.followSymlinks === undefined ? "files" : flags.followSymlinks ? "all" : "none",
    filters: filtersOf(flags),
  };
}

function filtersOf({ include = [], exclude = [] }: SelectionFlags): readonly NameFilter[] {
  const all = [
    ...include.map((placed) => ({ ...placed, action: "include" as const })),
    ...exclude.map((placed) => ({ ...placed, action: "exclude" as const })),
  ];
  return all.sort((a, b) => a.place - b.place).map(({ action, pattern }) => ({ action, pattern }));
}

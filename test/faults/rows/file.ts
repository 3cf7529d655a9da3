/** The file changes while it is sent, its disk fails, and the system has nothing left to give. */
import { appendFile, truncate, utimes, writeFile } from "node:fs/promises";
import { failReads } from "../preload/preloads.ts";
import { both, fails, longRow, row, type Scenario } from "../scenario.ts";

const MiB = 1024 ** 2;
const slowly = { kind: "bandwidth", operation: "UploadPart", bytesPerSecond: 6 * MiB } as const;
const changed = fails(7, /movie\.bin changed while it was being sent/, false);
export const fileRows: readonly Scenario[] = [
  ...row("the file is truncated while it is sent", [slowly], changed, {
    modes: both,
    arrange: ({ file, whileSending }) => whileSending(() => truncate(file, 2 * MiB)),
  }),
  ...row("the file grows while it is sent", [slowly], changed, {
    modes: both,
    arrange: ({ file, whileSending }) => whileSending(() => appendFile(file, "more")),
  }),
  ...row("the file is written over with as many bytes while it is sent", [slowly], changed, {
    arrange: ({ file, whileSending }) =>
      whileSending(async () => {
        await writeFile(file, Buffer.alloc(11 * MiB + 1, "x"));
        await utimes(file, new Date(), new Date());
      }),
  }),
  ...row("the disk cannot read the second part", [], fails(2, /movie\.bin cannot be read\.\n.*disk/), {
    modes: both,
    arrange: (stage) => failReads(stage, 6 * MiB),
  }),
  ...longRow("the disk cannot read a whole file", [], fails(2, /movie\.bin cannot be read\.\n.*disk/), {
    long: true,
    shape: "single",
    arrange: (stage) => failReads(stage, 0),
  }),
];

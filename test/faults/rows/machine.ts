/** A machine with nothing left to give: no room for the journal, no right to write it, no file descriptors. */
import { execFile } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { both, fails, longRow, row, type Scenario, type Stage, storedAfter } from "../scenario.ts";

const run = promisify(execFile);
const unsaved = storedAfter(/Nothing can be saved to resume this upload later: /);
/** More than Node needs to begin at all, and fewer than the program needs. */
const fewDescriptors = 5;

export const machineRows: readonly Scenario[] = [
  ...row("the directory of the journal is a file", [], unsaved, {
    modes: both,
    arrange: ({ env }) => writeFile(env.XDG_STATE_HOME ?? "", ""),
  }),
  ...row("the journal may not grow, as on a full disk", [], unsaved, {
    arrange: (stage) => {
      // 0 blocks: any byte of any file is too much
      stage.shellPrefix = "ulimit -f 0";
    },
  }),
  ...longRow("the journal's disk is full", [], unsaved, {
    arrange: (stage) => mountState(stage, "size=4k,nr_inodes=3"),
  }),
  ...longRow("the journal's disk is read-only", [], unsaved, { arrange: (stage) => mountState(stage, "ro,size=64k") }),
  ...longRow("there are hardly any file descriptors", [], fails(2, /Too many files are open\.\n.*EMFILE/), {
    modes: both,
    arrange: leaveDescriptors,
  }),
];

/** A small file system of its own; without the right to mount one, a directory that may not be written to. */
async function mountState({ env, after }: Stage, options: string): Promise<void> {
  const place = env.XDG_STATE_HOME ?? "";
  await mkdir(place, { recursive: true });
  try {
    await run("mount", ["-t", "tmpfs", "-o", options, "none", place]);
    after(async () => void (await run("umount", [place])));
  } catch {
    await chmod(place, 0o500);
    after(() => chmod(place, 0o700));
  }
  if (options.startsWith("size")) await fill(place);
}

async function fill(place: string): Promise<void> {
  await writeFile(join(place, "filler"), Buffer.alloc(64 * 1024), { mode: 0o600 }).catch(() => undefined);
}

async function leaveDescriptors(stage: Stage): Promise<void> {
  let least = 16;
  while (!(await starts(least))) least += 1;
  stage.shellPrefix = `ulimit -n ${least + fewDescriptors}`;
}

function starts(descriptors: number): Promise<boolean> {
  const script = `ulimit -n ${descriptors}; exec "$0" -e 0`;
  return run("sh", ["-c", script, process.execPath]).then(
    () => true,
    () => false,
  );
}

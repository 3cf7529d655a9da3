/** When a process began, by which a lock tells it from a later one of the same number. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { ProcessTable } from "./journal-lock.ts";

export interface Processes {
  readonly pid: number;
  readonly platform: string;
  isAlive(pid: number): boolean;
}

export function createProcessTable({ pid, platform, isAlive }: Processes): ProcessTable {
  return {
    pid,
    startOf: async (other) => {
      if (platform === "linux") return startOnLinux(other);
      if (!isAlive(other)) return undefined;
      // Windows has no such program; there the number alone has to do.
      return platform === "win32" ? "" : startByPs(other);
    },
  };
}

/** Clock ticks since the machine was started (proc(5), field 22), and which start that was. */
async function startOnLinux(pid: number): Promise<string | undefined> {
  const [stat, boot] = await Promise.all([
    readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined),
    readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => ""),
  ]);
  if (stat === undefined) return undefined;
  // The second field is the program's name in brackets, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state = "", ticks = ""] = [fields[0], fields[19]];
  return /[ZX]/.test(state) ? undefined : `${boot.trim()} ${ticks}`;
}

function startByPs(pid: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile("ps", ["-o", "lstart=", "-p", String(pid)], { env: { LC_ALL: "C", TZ: "UTC" } }, (error, stdout) => {
      const text = stdout.trim();
      resolve(error !== null || text === "" ? undefined : text);
    });
  });
}

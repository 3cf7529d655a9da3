import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { heldBy, type ProcessTable, takeLock } from "../../src/files/journal-lock.ts";
import { createProcessTable } from "../../src/files/process-table.ts";
import { fakeProcesses } from "../support/fake-processes.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const directory = useTemporaryDirectory();
const take = (processes: ProcessTable) => takeLock(directory(), "ab", processes, Math.random);

test("a lock of a living process is respected, and given up by its release", async () => {
  const processes = fakeProcesses({ 10: "a", 11: "b" });
  const mine = await take(processes.as(10));
  expect(await take(processes.as(11))).toEqual({ state: "busy", pid: 10 });
  if (mine.state === "held") await mine.lock.release();
  expect(await readdir(directory())).toEqual([]);
  expect(await take(processes.as(11))).toMatchObject({ state: "held" });
});

test("a lock of a dead process is taken over", async () => {
  const processes = fakeProcesses({ 10: "a", 11: "b" });
  await take(processes.as(10));
  processes.running.delete(10);
  expect(await take(processes.as(11))).toMatchObject({ state: "held" });
  expect(await readdir(directory())).toHaveLength(1);
});

test("a lock is taken over when another process has the number of its owner", async () => {
  const processes = fakeProcesses({ 10: "a", 11: "b" });
  await take(processes.as(10));
  processes.running.set(10, "later");
  expect(await take(processes.as(11))).toMatchObject({ state: "held" });
});

test("another upload of the same process is in the way too", async () => {
  const processes = fakeProcesses({ 10: "a" });
  await take(processes.as(10));
  expect(await take(processes.as(10))).toEqual({ state: "busy", pid: 10 });
});

test("locks of other uploads are in nobody's way", async () => {
  const processes = fakeProcesses({ 10: "a", 11: "b" });
  await takeLock(directory(), "cd", processes.as(10), Math.random);
  expect(await take(processes.as(11))).toMatchObject({ state: "held" });
});

test("of many that come at once with a dead one's lock, never two hold it", async () => {
  const pids = Array.from({ length: 12 }, (_, index) => 100 + index);
  const processes = fakeProcesses({ 9: "dead", ...Object.fromEntries(pids.map((pid) => [pid, `start ${pid}`])) });
  await take(processes.as(9));
  processes.running.delete(9);
  const results = await Promise.all(pids.map((pid) => take(processes.as(pid))));
  const held = results.filter(({ state }) => state === "held");
  expect(held.length).toBeLessThanOrEqual(1);
  expect(await readdir(directory())).toHaveLength(held.length);
});

test("the real table knows a process that runs from one that has ended", async () => {
  const table = createProcessTable({
    pid: process.pid,
    platform: process.platform,
    isAlive: () => true,
  });
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const pid = child.pid ?? 0;
  const start = await table.startOf(pid);
  expect(start).toBeTruthy();
  expect(await table.startOf(pid)).toBe(start);
  expect(await table.startOf(process.pid)).not.toBe(start);

  const lock = await takeLock(directory(), "ef", { ...table, pid }, Math.random);
  expect(lock.state).toBe("held");
  expect(await heldBy(directory(), "ef", table)).toBe(pid);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await heldBy(directory(), "ef", table)).toBeUndefined();
});

import { expect, test } from "vitest";
import { OneAtATime } from "../../src/sandbox/one-at-a-time.ts";

function deferred() {
  let finish: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return { done, finish };
}

test("a task waits for the one before it of the same name, and not for others", async () => {
  const turns = new OneAtATime();
  const events: string[] = [];
  const first = deferred();
  const tasks = [
    turns.run("a", () => first.done.then(() => events.push("first a"))),
    turns.run("a", async () => events.push("second a")),
  ];
  await turns.run("b", async () => events.push("b"));
  first.finish();
  await Promise.all(tasks);
  expect(events).toEqual(["b", "first a", "second a"]);
});

test("a task that fails does not stop the next one", async () => {
  const turns = new OneAtATime();
  const failing = turns.run("a", () => Promise.reject(new Error("no")));
  const next = turns.run("a", async () => "done");
  await expect(failing).rejects.toThrow("no");
  expect(await next).toBe("done");
});

import { expect, test } from "vitest";
import { batchText } from "../../src/report/batched-text.ts";

test("what is written in one turn leaves in one piece and in order; nothing is written twice", () => {
  const written: string[] = [];
  const turns: (() => void)[] = [];
  const batch = batchText(
    (text) => written.push(text),
    (flush) => turns.push(flush),
  );
  batch.write("a\n");
  batch.write("b\n");
  expect([written, turns.length]).toEqual([[], 1]);
  turns[0]?.();
  batch.write("c\n");
  batch.flush();
  turns[1]?.();
  expect([written, turns.length]).toEqual([["a\nb\n", "c\n"], 2]);
});

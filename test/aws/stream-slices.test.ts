import fc from "fast-check";
import { expect, test } from "vitest";
import { createSlices } from "../../src/aws/stream-slices.ts";

async function* pieces(...texts: readonly string[]) {
  for (const text of texts) yield Buffer.from(text);
}
async function textOf(slice: AsyncIterable<Uint8Array>): Promise<string> {
  let text = "";
  for await (const piece of slice) text += Buffer.from(piece).toString();
  return text;
}

test("cuts within a piece and across pieces", async () => {
  const slices = createSlices(pieces("abc", "", "defg"));
  expect(await textOf(slices.next(2))).toBe("ab");
  expect(await textOf(slices.next(3))).toBe("cde");
  expect(await slices.more()).toBe(true);
  expect(await textOf(slices.next(9))).toBe("fg");
  expect(await slices.more()).toBe(false);
});

test("an empty stream has no more from the start", async () => {
  expect(await createSlices(pieces()).more()).toBe(false);
});

test("loses and adds nothing, however it is cut", async () => {
  const texts = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 9 }), { maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 7 }), async (given, length) => {
      const slices = createSlices(pieces(...given));
      const cut: string[] = [];
      while (await slices.more()) cut.push(await textOf(slices.next(length)));
      expect(cut.join("")).toBe(given.join(""));
      expect(cut.slice(0, -1).every((text) => text.length === length)).toBe(true);
    }),
  );
});

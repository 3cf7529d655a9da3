import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { completingLine, headerLine, parseJournal, partLine } from "../../src/upload/journal-text.ts";
import { journalHeader, savedJournal, savedPart } from "../support/saved-journal.ts";

const checksum = { algorithm: "CRC32", value: "AAAAAA==" } as const;
const text = [
  headerLine(journalHeader()),
  partLine(savedPart(1)),
  partLine(savedPart(2)),
  completingLine({ checksum }),
].join("");
const whole = savedJournal({ completing: { checksum } });

describe("a journal", () => {
  test("is read as it was written", () => {
    expect(parseJournal(text)).toEqual(whole);
  });

  test.for<[string, ReturnType<typeof journalHeader>]>([
    ["an endpoint's", journalHeader({ target: { via: "endpoint", url: "https://api.test/presign" } })],
    ["a manifest's", journalHeader({ target: { via: "manifest", path: "/m.json" } })],
    ["one whose upload was not answered yet", journalHeader({ upload: undefined })],
  ])("may be %s", ([, header]) => {
    expect(parseJournal(headerLine(header))).toEqual({ ...header, parts: new Map(), completing: undefined });
  });

  test.for([
    ["nothing", ""],
    ["no journal", "hello\nworld\n"],
    ["one without its header", text.slice(text.indexOf("\n") + 1)],
    ["one of another version", headerLine({ ...journalHeader(), v: 2 } as never)],
  ])("is not made of %s", ([, other = ""]) => {
    expect(parseJournal(other)).toBeUndefined();
  });

  test("goes on behind a line that was torn", () => {
    const torn = `${headerLine(journalHeader())}${partLine(savedPart(1)).slice(0, 30)}\n${partLine(savedPart(2))}`;
    expect([...(parseJournal(torn)?.parts.keys() ?? [])]).toEqual([2]);
  });
});

/** What is read of damaged text is part of what was written, or nothing. */
function expectPartOfIt(damaged: string): void {
  const read = parseJournal(damaged);
  if (read === undefined) return;
  const { parts, completing, ...header } = read;
  expect(header).toEqual(journalHeader());
  for (const [partNumber, part] of parts) expect(part).toEqual(savedPart(partNumber));
  expect([undefined, whole.completing]).toContainEqual(completing);
}

test("cut off at any byte, no more is read than was written", () => {
  for (let end = 0; end <= text.length; end += 1) expectPartOfIt(text.slice(0, end));
});

test("damaged at any byte, nothing else is read than was written", () => {
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const bytes = Buffer.from(text);
      bytes[at] = (bytes[at] ?? 0) ^ flip;
      expectPartOfIt(bytes.toString("utf8"));
    }),
    { numRuns: 2_000 },
  );
});

test("no text at all makes it throw", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), (anything) => void parseJournal(anything)));
});

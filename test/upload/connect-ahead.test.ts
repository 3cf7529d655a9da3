import { describe, expect, test } from "vitest";
import { connectAhead } from "../../src/upload/connect-ahead.ts";
import { splitIntoParts } from "../../src/upload/plan.ts";
import type { PartSender } from "../../src/upload/transport.ts";
import { adaptiveWidth, fixedWidth, type Width } from "../../src/upload/width.ts";
import { createWindow } from "../../src/upload/window.ts";
import { MiB, uploadTools } from "../support/upload-tools.ts";

const origin = "https://bucket.s3.eu-central-1.amazonaws.com";
const partSize = 8 * MiB;

describe("connections for the first parts", () => {
  /** What is asked of the sender, for a file of so many parts. */
  async function asked(parts: number, width: Width, roundTrip: number | undefined) {
    const calls: [string, number][] = [];
    const sender: PartSender = {
      send: () => Promise.reject(new Error("nothing is sent")),
      connect: async (url, connections) => {
        calls.push([url, connections]);
        return roundTrip;
      },
      close: () => {},
    };
    const tools = uploadTools(sender);
    const window = createWindow({ width, clock: tools.clock });
    await connectAhead({
      plan: { parts: splitIntoParts(parts * partSize - 1, partSize) },
      destination: { origin: async () => origin },
      tools: { sender, resources: { ...tools.resources, window } },
    });
    return { calls, places: window.places };
  }
  const auto = adaptiveWidth(8, 128);

  test.for<[string, Parameters<typeof asked>, (readonly [string, number])[]]>([
    [
      "are as many as go at a time",
      [100, auto, 3],
      [
        [origin, 8],
        [origin, 8],
      ],
    ],
    [
      "are twice as many where an answer takes long",
      [100, auto, 100],
      [
        [origin, 8],
        [origin, 16],
      ],
    ],
    [
      "are no more than there are parts",
      [10, auto, 100],
      [
        [origin, 8],
        [origin, 10],
      ],
    ],
    [
      "are as many as the user said",
      [100, fixedWidth(4), 100],
      [
        [origin, 4],
        [origin, 4],
      ],
    ],
    [
      "are not doubled where none came about",
      [100, auto, undefined],
      [
        [origin, 8],
        [origin, 8],
      ],
    ],
  ])("%s", async ([, what, expected]) => {
    expect((await asked(...what)).calls).toEqual(expected);
  });

  test("tell the window how long an answer will take, so that as many again are made ready", async () => {
    expect(await asked(100, auto, 3)).toMatchObject({ places: 10 });
    expect(await asked(100, auto, 100)).toMatchObject({ places: 18 });
  });

  test("are not opened where nobody knows yet where parts will go", async () => {
    const calls: number[] = [];
    const sender: PartSender = {
      send: () => Promise.reject(new Error("nothing is sent")),
      connect: async (_, connections) => void calls.push(connections),
      close: () => {},
    };
    const tools = uploadTools(sender);
    await connectAhead({ plan: { parts: splitIntoParts(10 * partSize, partSize) }, destination: {}, tools });
    expect(calls).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import type { UploadEvent } from "../../src/upload/events.ts";
import { type Expiry, type Pace, refuseTooSlow, watchExpiry } from "../../src/upload/expiry.ts";

const MiB = 1024 ** 2;

/** An upload of 100 MiB whose permission ends after some seconds; what was told, and at which second. */
function watched(expiry: Expiry["of"] | undefined, endSeconds: number, bytesPerSecond?: number) {
  let seconds = 0;
  const told: UploadEvent[] = [];
  const emitted: UploadEvent[] = [];
  const seen = new Set<string>();
  const pace: Pace = {
    bytesPerSecond,
    now: () => seconds * 1000,
    isNews: (of) => !seen.has(of) && seen.add(of) !== undefined,
  };
  const emit = watchExpiry(
    () => (expiry === undefined ? undefined : { of: expiry, at: endSeconds * 1000 }),
    pace,
    (event) => (event.type === "expiring" ? told : emitted).push(event),
  );
  return {
    told,
    emitted,
    at(second: number, sentMiB: number, totalBytes: number | "unknown" = 100 * MiB) {
      seconds = second;
      const total = totalBytes === "unknown" ? undefined : totalBytes;
      emit({ type: "progress", sentBytes: sentMiB * MiB, totalBytes: total, doneParts: 0 });
    },
  };
}

describe("once the pace is known, what expires too early is told", () => {
  test("with the time that is left and the time that is needed", () => {
    const upload = watched("credentials", 60);
    upload.at(0, 0);
    upload.at(10, 10);
    expect(upload.told).toEqual([{ type: "expiring", of: "credentials", leftSeconds: 50, neededSeconds: 90 }]);
  });

  test("and not before some seconds of it were seen", () => {
    const upload = watched("credentials", 60);
    upload.at(0, 0);
    upload.at(4, 1);
    expect(upload.told).toEqual([]);
    upload.at(5, 1);
    expect(upload.told).toHaveLength(1);
  });

  test("once, however often it goes on", () => {
    const upload = watched("url", 60);
    for (let second = 0; second < 50; second += 1) upload.at(second, second);
    expect(upload.told).toHaveLength(1);
  });

  test("also when the line becomes slow later", () => {
    const upload = watched("manifest", 60);
    upload.at(0, 0);
    upload.at(10, 40);
    expect(upload.told).toEqual([]);
    upload.at(40, 45);
    expect(upload.told).toMatchObject([{ leftSeconds: 20 }]);
  });

  test("and of parts that were there before, nothing is taken for speed", () => {
    const upload = watched("manifest", 60);
    upload.at(0, 50);
    upload.at(10, 55);
    expect(upload.told).toEqual([{ type: "expiring", of: "manifest", leftSeconds: 50, neededSeconds: 90 }]);
  });

  test("at once where the user limits the pace", () => {
    const upload = watched("credentials", 60, MiB);
    upload.at(0, 0);
    expect(upload.told).toEqual([{ type: "expiring", of: "credentials", leftSeconds: 60, neededSeconds: 100 }]);
  });

  test.for<[string, Expiry["of"] | undefined, number, number | "unknown"]>([
    ["there is time enough", "credentials", 1000, 100 * MiB],
    ["nothing expires", undefined, 60, 100 * MiB],
    ["nobody knows how much there is", "credentials", 60, "unknown"],
  ])("but not where %s", ([, of, end, total]) => {
    const upload = watched(of, end, MiB);
    upload.at(0, 0, total);
    upload.at(10, 10, total);
    expect(upload.told).toEqual([]);
    expect(upload.emitted).toHaveLength(2);
  });
});

describe("a manifest that the limit can never use up", () => {
  const pace = (bytesPerSecond: number | undefined): Pace => ({ bytesPerSecond, now: () => 0, isNews: () => true });
  const until = (seconds: number, of: Expiry["of"] = "manifest") => ({ of, at: seconds * 1000 });

  test("is refused before a byte leaves", () => {
    expect(() => refuseTooSlow(until(60), 100 * MiB, pace(MiB))).toThrow(
      expect.objectContaining({
        code: "URL_EXPIRED",
        why: "Its URLs are good for 60 seconds more; 104857600 bytes at --bwlimit take 100.",
      }),
    );
  });

  test.for<[string, Expiry | undefined, number, number | undefined]>([
    ["what is left of an earlier run fits", until(60), 50 * MiB, MiB],
    ["there is no limit", until(60), 100 * MiB, undefined],
    ["there is no end", undefined, 100 * MiB, MiB],
    ["a URL lets a request that has begun go on", until(60, "url"), 100 * MiB, MiB],
    ["other credentials may come", until(60, "credentials"), 100 * MiB, MiB],
  ])("but not where %s", ([, expiry, bytes, limit]) => {
    expect(() => refuseTooSlow(expiry, bytes, pace(limit))).not.toThrow();
  });
});

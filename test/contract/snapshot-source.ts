/** What every source of snapshots promises. */
import { describe, expect, test } from "vitest";
import { facets } from "../../src/audit/facet-access.ts";
import type { Facet } from "../../src/audit/facets.ts";
import { NOT_READ, type SnapshotSource } from "../../src/audit/source.ts";

/** A source in which the bucket `drop` has a CORS rule, no lifecycle, and no readable access points; `gone` is not there. */
export interface SourceUnderTest {
  readonly source: SnapshotSource;
}

export function describeSnapshotSource(name: string, setUp: () => Promise<SourceUnderTest>): void {
  const read = async (bucket: string, needed: readonly Facet[], signal = new AbortController().signal) => {
    const { source } = await setUp();
    return source.read({ name: bucket }, new Set(needed), signal);
  };

  describe(`${name} as a source of snapshots`, () => {
    test("names the bucket and its ARN", async () => {
      expect(await read("drop", ["cors"])).toMatchObject({ bucket: "drop", arn: "arn:aws:s3:::drop" });
    });

    test("has a reading of every facet, asked for or not", async () => {
      const { facets: readings } = await read("drop", ["cors"]);
      expect(Object.keys(readings).sort()).toEqual([...facets].sort());
    });

    test("shows what is configured", async () => {
      const { facets: readings } = await read("drop", ["cors", "lifecycle"]);
      expect(readings.cors).toMatchObject({ state: "present", value: [{ AllowedMethods: ["PUT"] }] });
    });

    test("says of what is not configured that it is absent", async () => {
      const { facets: readings } = await read("drop", ["cors", "lifecycle"]);
      expect(readings.lifecycle).toEqual({ state: "absent" });
    });

    test("never says so of what could not be read, and reads the rest", async () => {
      const { facets: readings } = await read("drop", ["accessPoints", "cors"]);
      expect(readings.accessPoints).toMatchObject({ state: "unreadable", reason: expect.stringMatching(/./) });
      expect(readings.cors.state).toBe("present");
    });

    test("never says so of what nobody asked for", async () => {
      const { facets: readings } = await read("drop", ["cors"]);
      if (readings.lifecycle.state === "unreadable") expect(readings.lifecycle.reason).toBe(NOT_READ);
      else expect(readings.lifecycle).toEqual({ state: "absent" });
      expect(readings.accessPoints.state).toBe("unreadable");
    });

    test("refuses a bucket that is not there", async () => {
      await expect(read("gone", ["cors"])).rejects.toMatchObject({ code: "BUCKET_NOT_FOUND" });
    });

    test("stops with the reason of its signal", async () => {
      const reason = new Error("enough");
      await expect(read("drop", ["cors"], AbortSignal.abort(reason))).rejects.toBe(reason);
    });
  });
}

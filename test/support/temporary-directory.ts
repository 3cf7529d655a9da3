import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";

/** A new directory for each test, gone after it. */
export function useTemporaryDirectory(): () => string {
  let directory = "";
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "s3up-test-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));
  return () => directory;
}

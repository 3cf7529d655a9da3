import { appendFile, utimes, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { chromiumPath } from "./chromium.ts";
import {
  barriers,
  choose,
  leftAtS3,
  type MadeFile,
  MiB,
  makeFile,
  partsSent,
  screenshot,
  shown,
  slowParts,
  storedSha256,
  useUploadPage,
} from "./upload-page.ts";

describe.skipIf(chromiumPath === undefined)(
  "in Chromium, an upload that a reload broke off",
  { timeout: 180_000 },
  () => {
    const it = useUploadPage();

    /** Reloads the page when some parts are at S3. */
    async function breakOff(size: number): Promise<MadeFile> {
      const file = await makeFile(it, "holiday.mp4", size);
      await utimes(file.path, 1_800_000_000, 1_800_000_000);
      slowParts(it, 12 * MiB);
      await it.goto();
      await choose(it, file.path);
      await expect.poll(() => partsSent(it), { timeout: 60_000 }).toBeGreaterThanOrEqual(3);
      await it.page.waitForTimeout(600);
      await it.page.reload();
      it.sandbox.faults.clear();
      await shown(it.row(file.name), /Stopped at \d+ MiB of \d+ MiB\. Choose the same file again to go on\./);
      return file;
    }

    test("goes on with the same file, from the parts that are there", async () => {
      const file = await breakOff(150 * MiB);
      const before = partsSent(it);
      expect(await leftAtS3(it)).toEqual({ objects: 0, uploads: 1 });
      expect(await barriers(it)).toEqual([]);
      await screenshot(it, "unfinished");
      const chooser = it.page.waitForEvent("filechooser");
      await it.row(file.name).getByRole("button", { name: "Choose file: holiday.mp4" }).click();
      await (await chooser).setFiles(file.path);
      const row = it.row(file.name);
      await shown(row, /Uploaded · 150 MiB · CRC32 verified · \d+ MiB were there already/);
      expect(partsSent(it) - before).toBeLessThanOrEqual(10 - 3);
      expect(await storedSha256(it, row)).toBe(file.sha256);
      expect(await leftAtS3(it)).toEqual({ objects: 1, uploads: 0 });
      await it.page.reload();
      await it.page.getByText("Drop files here").waitFor();
      expect(await it.page.locator(".upload").count()).toBe(0);
      expect(await it.page.evaluate(() => localStorage.length)).toBe(0);
    });

    test("is known again when the file is chosen as any other", async () => {
      const file = await breakOff(80 * MiB);
      await choose(it, file.path);
      await shown(it.row(file.name), /were there already/);
      expect(await it.page.locator(".upload").count()).toBe(1);
      expect(await storedSha256(it, it.row(file.name))).toBe(file.sha256);
    });

    test("does not go on with another file that is chosen for it", async () => {
      const file = await breakOff(80 * MiB);
      const other = await makeFile(it, "other.mp4", MiB);
      const chooser = it.page.waitForEvent("filechooser");
      await it
        .row(file.name)
        .getByRole("button", { name: /Choose file/ })
        .click();
      await (await chooser).setFiles(other.path);
      await shown(it.row(file.name), "other.mp4 is another file, or has changed since.");
      expect(await leftAtS3(it)).toEqual({ objects: 0, uploads: 1 });
    });

    test("begins anew with other bytes under the same name, size and time", async () => {
      const { path, name } = await breakOff(80 * MiB);
      const other = await makeFile(it, name, 80 * MiB);
      await utimes(path, 1_800_000_000, 1_800_000_000);
      await choose(it, path);
      const row = it.row(name);
      await shown(row, /Uploaded · 80 MiB · CRC32 verified.*The file has changed since; it begins anew\./s);
      expect(await storedSha256(it, row)).toBe(other.sha256);
      expect(await leftAtS3(it)).toEqual({ objects: 1, uploads: 0 });
    });

    test("is removed from S3 when it is discarded", async () => {
      const file = await breakOff(80 * MiB);
      await it.row(file.name).getByRole("button", { name: "Discard: holiday.mp4" }).click();
      await shown(it.row(file.name), "Cancelled. Nothing was kept.");
      expect(await leftAtS3(it)).toEqual({ objects: 0, uploads: 0 });
      expect(await it.page.evaluate(() => localStorage.length)).toBe(0);
    });

    test("is told from a file that grew", async () => {
      const file = await breakOff(80 * MiB);
      await appendFile(file.path, "more");
      await choose(it, file.path);
      await shown(it.page.locator(".upload.stored"), "Uploaded · 80 MiB");
      expect(await it.page.locator(".upload.unfinished").count()).toBe(1);
    });
  },
);

describe.skipIf(chromiumPath === undefined)(
  "in Chromium, a file that changes while it is sent",
  { timeout: 60_000 },
  () => {
    const it = useUploadPage();

    test("becomes no object", async () => {
      const file = await makeFile(it, "log.mp4", 40 * MiB);
      slowParts(it, 6 * MiB);
      await it.goto();
      await choose(it, file.path);
      await shown(it.row(file.name), /MiB\/s/);
      await writeFile(file.path, "other");
      await shown(it.row(file.name), /log\.mp4 cannot be read any more.*Choose the file again\./s);
      expect((await leftAtS3(it)).objects).toBe(0);
    });
  },
);

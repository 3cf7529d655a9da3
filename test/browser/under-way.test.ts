import { describe, expect, test } from "vitest";
import { chromiumPath } from "./chromium.ts";
import {
  barriers,
  choose,
  leftAtS3,
  MiB,
  makeFile,
  screenshot,
  shown,
  slowParts,
  storedSha256,
  useUploadPage,
} from "./upload-page.ts";

describe.skipIf(chromiumPath === undefined)(
  "an upload in Chromium, while it is under way,",
  { timeout: 120_000 },
  () => {
    const it = useUploadPage();

    test("pauses and goes on, with nothing sent meanwhile", async () => {
      const file = await makeFile(it, "paused.mp4", 40 * MiB);
      slowParts(it, 8 * MiB);
      await it.goto();
      await choose(it, file.path);
      const row = it.row(file.name);
      await shown(row, /MiB\/s/);
      await row.getByRole("button", { name: "Pause: paused.mp4" }).click();
      await shown(row, /^.*Paused at/s);
      // What is broken off reaches the server's list a little later.
      await it.page.waitForTimeout(1_500);
      const before = await row.locator(".status").innerText();
      const requests = it.sandbox.requests().length;
      await it.page.waitForTimeout(1_500);
      expect(await row.locator(".status").innerText()).toBe(before);
      expect(it.sandbox.requests()).toHaveLength(requests);
      expect(await barriers(it)).toEqual([]);
      await screenshot(it, "paused");
      await row.getByRole("button", { name: "Continue: paused.mp4" }).click();
      await shown(row, "Uploaded");
      expect(await storedSha256(it, row)).toBe(file.sha256);
    });

    test("waits while there is no network and goes on by itself", async () => {
      const file = await makeFile(it, "train.mp4", 40 * MiB);
      slowParts(it, 8 * MiB);
      await it.goto();
      await choose(it, file.path);
      const row = it.row(file.name);
      await shown(row, /MiB\/s/);
      await it.context.setOffline(true);
      await shown(row, "No network");
      await it.page.getByText("Uploads go on by themselves").waitFor();
      expect(await barriers(it)).toEqual([]);
      await screenshot(it, "offline");
      await it.page.waitForTimeout(1_000);
      await it.context.setOffline(false);
      await shown(row, "Uploaded");
      expect(await storedSha256(it, row)).toBe(file.sha256);
    });

    test("cancels, and leaves nothing at S3", async () => {
      const file = await makeFile(it, "unwanted.mp4", 60 * MiB);
      slowParts(it, 8 * MiB);
      await it.goto();
      await choose(it, file.path);
      const row = it.row(file.name);
      await shown(row, /MiB\/s/);
      expect(await leftAtS3(it)).toEqual({ objects: 0, uploads: 1 });
      await row.getByRole("button", { name: "Cancel: unwanted.mp4" }).click();
      await shown(row, "Cancelled. Nothing was kept.");
      expect(await leftAtS3(it)).toEqual({ objects: 0, uploads: 0 });
      expect(await barriers(it)).toEqual([]);
    });

    test("needs no mouse", async () => {
      const file = await makeFile(it, "keys.mp4", 40 * MiB);
      slowParts(it, 8 * MiB);
      await it.goto();
      await it.page.getByText("Drop files here").waitFor();
      const press = (key: string) => it.page.keyboard.press(key);
      await it.page.bringToFront();
      await press("Tab");
      await expect.poll(() => it.page.evaluate(() => document.activeElement?.id)).toBe("files");
      const chooser = it.page.waitForEvent("filechooser");
      await press("Enter");
      await (await chooser).setFiles(file.path);
      const row = it.row(file.name);
      await shown(row, /MiB\/s/);
      const focused = () => it.page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
      await press("Tab");
      expect(await focused()).toBe("Pause: keys.mp4");
      await press("Enter");
      await expect.poll(focused).toBe("Continue: keys.mp4");
      await screenshot(it, "focus");
      await press("Space");
      await expect.poll(focused).toBe("Pause: keys.mp4");
      await shown(row, "Uploaded");
      await expect.poll(() => it.page.locator("#announcer").innerText()).toBe("keys.mp4 is uploaded.");
      expect(await storedSha256(it, row)).toBe(file.sha256);
      // The focus is still in the row, and comes to its next button.
      await press("Tab");
      expect(await focused()).toBe("Remove: keys.mp4");
      await press("Enter");
      expect(await it.page.evaluate(() => document.activeElement?.id)).toBe("files");
      expect(await it.page.locator(".upload").count()).toBe(0);
    });
  },
);

import { describe, expect, test } from "vitest";
import { chromiumPath } from "./chromium.ts";
import {
  barriers,
  choose,
  leftAtS3,
  MiB,
  makeFile,
  makePicture,
  screenshot,
  shown,
  slowParts,
  storedSha256,
  useUploadPage,
} from "./upload-page.ts";

describe.skipIf(chromiumPath === undefined)("the upload page in Chromium", { timeout: 120_000 }, () => {
  const it = useUploadPage();

  test("sends 150 MiB in parts, shows how it goes, and stores the same bytes", async () => {
    const file = await makeFile(it, "holiday.mp4", 150 * MiB);
    slowParts(it, 12 * MiB);
    await it.goto();
    await choose(it, file.path);
    const row = it.row(file.name);
    await shown(row, /MiB of 150 MiB · .*MiB\/s · \d+s left/);
    const bar = row.getByRole("progressbar");
    const seen: number[] = [];
    while (!(await row.getByText("Uploaded").isVisible())) {
      const value = await bar.evaluate((element) => (element as HTMLProgressElement).position).catch(() => 1);
      // Below 0 while nobody knows how long it takes, as for the completion.
      if (value >= 0 && value !== seen.at(-1)) seen.push(value);
      if (seen.length === 5) {
        expect(await barriers(it)).toEqual([]);
        await screenshot(it, "sending");
      }
      await it.page.waitForTimeout(50);
    }
    expect(seen.length).toBeGreaterThan(10);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    await shown(row, "Uploaded · 150 MiB · CRC32 verified");
    expect(await it.page.title()).toBe("Upload to the sandbox");
    expect(await storedSha256(it, row)).toBe(file.sha256);
    expect(await leftAtS3(it)).toEqual({ objects: 1, uploads: 0 });
    expect(await barriers(it)).toEqual([]);
    await screenshot(it, "stored");
  });

  test("sends three files at once and the rest in turn, small and empty ones too", async () => {
    const sizes = [17 * MiB, 18 * MiB, 5 * MiB, MiB + 1, 0];
    const files = await Promise.all(sizes.map((size, index) => makeFile(it, `file-${index}.bin`, size)));
    const picture = await makePicture(it, "picture.png");
    it.sandbox.faults.add({ kind: "latency", operation: "PutObject", milliseconds: 1_500 });
    slowParts(it, 6 * MiB);
    await it.goto();
    await choose(it, ...files.map(({ path }) => path), picture);
    await expect.poll(() => it.page.locator(".upload.sending").count(), { timeout: 10_000 }).toBe(3);
    expect(await it.page.locator(".upload.waiting").count()).toBe(3);
    await screenshot(it, "three-at-once");
    await shown(it.page.locator("#summary"), "6 of 6 files uploaded");
    for (const file of files) expect(await storedSha256(it, it.row(file.name))).toBe(file.sha256);
    expect(await it.row("picture.png").locator(".picture img").count()).toBe(1);
    expect(await barriers(it)).toEqual([]);
    await it.page.getByRole("button", { name: "Clear finished" }).click();
    expect(await it.page.locator(".upload").count()).toBe(0);
  });

  test("takes files that are dropped, and shows that it would", async () => {
    await it.goto();
    await it.page.getByText("Drop files here").waitFor();
    const data = await it.page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["dropped"], "note.txt", { type: "text/plain" }));
      return transfer;
    });
    await it.page.dispatchEvent("body", "dragenter", { dataTransfer: data });
    expect(await it.page.locator("#drop.over").count()).toBe(1);
    await it.page.dispatchEvent("body", "drop", { dataTransfer: data });
    expect(await it.page.locator("#drop.over").count()).toBe(0);
    await shown(it.row("note.txt"), "Uploaded");
  });

  test("takes what is chosen in the moment in which it shows where", async () => {
    await it.page.addInitScript(() => {
      const observer = new MutationObserver(() => {
        const input = document.querySelector<HTMLInputElement>("#drop:not([hidden]) #files");
        if (input === null) return;
        observer.disconnect();
        const transfer = new DataTransfer();
        transfer.items.add(new File(["at once"], "quick.txt", { type: "text/plain" }));
        input.files = transfer.files;
        input.dispatchEvent(new Event("change"));
      });
      observer.observe(document, { subtree: true, attributeFilter: ["hidden"] });
    });
    await it.goto();
    await shown(it.row("quick.txt"), "Uploaded");
  });

  test("shows a picture of an image, and keeps no address of it", async () => {
    await it.page.addInitScript(() => {
      const open = new Set<string>();
      const { createObjectURL, revokeObjectURL } = URL;
      URL.createObjectURL = (blob) => {
        const address = createObjectURL.call(URL, blob);
        open.add(address);
        return address;
      };
      URL.revokeObjectURL = (address) => {
        open.delete(address);
        revokeObjectURL.call(URL, address);
      };
      Object.assign(globalThis, { openAddresses: open });
    });
    const picture = await makePicture(it, "red.png");
    const broken = await makeFile(it, "broken.png", 100);
    await it.goto();
    await choose(it, picture, broken.path);
    await shown(it.row("red.png"), "Uploaded");
    await shown(it.row("broken.png"), "Uploaded");
    const width = await it
      .row("red.png")
      .locator("img")
      .evaluate((image) => (image as HTMLImageElement).naturalWidth);
    expect(width).toBe(8);
    await expect.poll(() => it.row("broken.png").locator("svg").first().isVisible()).toBe(true);
    expect(await it.page.evaluate("openAddresses.size")).toBe(0);
  });

  test("signs again when a URL has expired, without a word", async () => {
    const file = await makeFile(it, "late.mp4", 20 * MiB);
    it.sandbox.faults.add({ kind: "expired", operation: "UploadPart", count: 1 });
    await it.goto();
    await choose(it, file.path);
    await shown(it.row(file.name), "Uploaded");
    expect(it.sandbox.faults.fired()).toHaveLength(1);
    expect(await storedSha256(it, it.row(file.name))).toBe(file.sha256);
  });

  test("sends again what was broken off or refused for a moment", async () => {
    const file = await makeFile(it, "rough.mp4", 40 * MiB);
    it.sandbox.faults.add({ kind: "reset-after", operation: "UploadPart", bytes: 5 * MiB, count: 2 });
    it.sandbox.faults.add({ kind: "slow-down", operation: "UploadPart", count: 2, after: 1 });
    it.sandbox.faults.add({ kind: "lost-answer", operation: "CompleteMultipartUpload", count: 1 });
    await it.goto();
    await choose(it, file.path);
    await shown(it.row(file.name), "Uploaded");
    expect(await storedSha256(it, it.row(file.name))).toBe(file.sha256);
  });
});

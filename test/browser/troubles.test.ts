import { readFile } from "node:fs/promises";
import { PutBucketCorsCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { sdkClient } from "../support/running-sandbox.ts";
import { chromiumPath } from "./chromium.ts";
import { type StaticHost, startStaticHost } from "./static-host.ts";
import {
  barriers,
  choose,
  leftAtS3,
  MiB,
  makeFile,
  screenshot,
  shown,
  storedSha256,
  useUploadPage,
} from "./upload-page.ts";

describe.skipIf(chromiumPath === undefined)("in Chromium, the upload page", { timeout: 120_000 }, () => {
  const limited = useUploadPage(() => ({
    presignLimits: {
      ALLOWED_CONTENT_TYPES: "image/*,application/pdf",
      MAX_SIZE: "40MiB",
      MULTIPART_THRESHOLD: "16MiB",
    },
  }));

  test("refuses a type and a size before anything is sent, and says what it takes", async () => {
    const script = await makeFile(limited, "tool.exe", 2 * MiB);
    const large = await makeFile(limited, "scan.pdf", 41 * MiB);
    await limited.goto();
    await limited.page.getByText("Up to 40 MiB a file: images or PDF.").waitFor();
    await choose(limited, script.path, large.path);
    const [refused, tooLarge] = [limited.row("tool.exe"), limited.row("scan.pdf")];
    await shown(refused, /does not take tool\.exe as application\/.*Choose a file of another type\./s);
    await shown(tooLarge, /scan\.pdf is too large.*Choose a smaller file\./s);
    expect(await refused.getByRole("button").allInnerTexts()).toEqual(["Remove"]);
    expect(await leftAtS3(limited)).toEqual({ objects: 0, uploads: 0 });
    expect(await barriers(limited)).toEqual([]);
    await screenshot(limited, "refused");
  });
});

describe.skipIf(chromiumPath === undefined)("in Chromium, the upload page elsewhere", { timeout: 120_000 }, () => {
  const it = useUploadPage();
  let host: StaticHost | undefined;
  const open = async (config: object | undefined) => {
    host = await startStaticHost(() => config);
    await it.goto(host.url);
    return host.url.replace(/\/$/, "");
  };
  const closed = async () => {
    await host?.close();
    host = undefined;
  };

  test("on an origin that the bucket does not admit, tells CORS from the network, and works once it is admitted", async () => {
    const file = await makeFile(it, "a.mp4", 20 * MiB);
    const origin = await open({ endpoint: it.sandbox.presign, title: "Hand in your film" });
    await choose(it, file.path);
    const row = it.row("a.mp4");
    await shown(row, /CORS settings do not let this page speak to it\. It is not your connection\./);
    // Kept for another try, and removed with the row.
    expect(await leftAtS3(it)).toEqual({ objects: 0, uploads: 1 });
    expect(await barriers(it)).toEqual([]);
    await screenshot(it, "cors");

    // No header is exposed: the page sees neither ETag nor checksum.
    const client = sdkClient(it.sandbox);
    const rule = { AllowedOrigins: [origin], AllowedMethods: ["PUT"], AllowedHeaders: ["*"] };
    await client.send(
      new PutBucketCorsCommand({ Bucket: it.sandbox.bucket, CORSConfiguration: { CORSRules: [rule] } }),
    );
    client.destroy();
    await row.getByRole("button", { name: "Try again: a.mp4" }).click();
    await shown(row, "Uploaded · 20 MiB · CRC32 verified");
    expect(await storedSha256(it, row)).toBe(file.sha256);
    expect(await leftAtS3(it)).toEqual({ objects: 1, uploads: 0 });
    await closed();
  });

  test("tells when its endpoint cannot be reached", async () => {
    await open({ endpoint: "http://127.0.0.1:9/presign" });
    await it.page.getByText("could not be reached. Nothing answers at this address.").waitFor();
    expect(await it.page.locator("#drop").isVisible()).toBe(false);
    expect(await barriers(it)).toEqual([]);
    await closed();
  });

  test.for<[string, object | undefined, string]>([
    ["has no config.json", undefined, "config.json is not beside it."],
    ["has a bad one", { endpoint: "" }, "config.json: endpoint:"],
    ["names an address that is no endpoint", { endpoint: "index.html" }, "with a web page instead of JSON"],
  ])("tells when it %s", async ([, config, text]) => {
    await open(config);
    await it.page.getByText(text).waitFor();
    await closed();
  });

  test("may be the article's own few lines", async () => {
    const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
    const client = /```js\n([\s\S]*?fetch\(endpoint[\s\S]*?)```/.exec(readme)?.[1] ?? "";
    await it.goto();
    const bytes = "x".repeat(100_000);
    const run = `(async () => {
      const endpoint = ${JSON.stringify(it.sandbox.presign)};
      const file = new File([${JSON.stringify(bytes)}], "a.txt", { type: "text/plain" });
      ${client}
      return key;
    })()`;
    const key = (await it.page.evaluate(run)) as string;
    expect(key).toMatch(/a\.txt$/);
    expect(it.sandbox.requests().at(-1)).toMatchObject({ method: "PUT", status: 200 });
  });
});

describe.skipIf(chromiumPath === undefined)(
  "in Chromium, the upload page before an endpoint in trouble",
  { timeout: 120_000 },
  () => {
    const it = useUploadPage();

    test("gives up on URLs that always expire, says so, and can try again", async () => {
      const file = await makeFile(it, "late.mp4", 20 * MiB);
      it.sandbox.faults.add({ kind: "expired", operation: "UploadPart", count: Number.POSITIVE_INFINITY });
      await it.goto();
      await choose(it, file.path);
      const row = it.row("late.mp4");
      await shown(row, /has expired.*Try again; the permission is asked for anew\./s);
      expect(await barriers(it)).toEqual([]);
      await screenshot(it, "expired");
      it.sandbox.faults.clear();
      await row.getByRole("button", { name: "Try again: late.mp4" }).click();
      await shown(row, "Uploaded");
      expect(await storedSha256(it, row)).toBe(file.sha256);
    });

    test.for<[string, "html" | "slow-down" | "status-500"]>([
      ["a proxy's page", "html"],
      ["too many requests", "slow-down"],
      ["an internal error", "status-500"],
    ])("gets over %s", async ([, kind]) => {
      const file = await makeFile(it, "a.mp4", 20 * MiB);
      await it.goto();
      await it.page.getByText("Drop files here").waitFor();
      it.sandbox.faults.add({ kind, operation: "Presign", count: 1, after: 1 });
      await choose(it, file.path);
      await shown(it.row("a.mp4"), "Uploaded");
      expect(it.sandbox.faults.fired()).toHaveLength(1);
    });
  },
);

describe.skipIf(chromiumPath === undefined)(
  "in Chromium, the upload page of an endpoint with sign-in",
  { timeout: 60_000 },
  () => {
    const it = useUploadPage(() => ({ presignLimits: { AUTH: "jwt" } }));

    test("asks for a token, keeps it in memory alone, and asks again when it is refused", async () => {
      const file = await makeFile(it, "a.mp4", 20 * MiB);
      await it.goto();
      const token = it.page.getByLabel("Access token");
      await token.waitFor();
      expect(await it.page.locator("#drop").isVisible()).toBe(false);
      expect(await barriers(it)).toEqual([]);
      await screenshot(it, "sign-in");
      await token.fill("Bearer my.secret.token");
      const sent = it.page.waitForRequest((request) => request.method() === "POST");
      await token.press("Enter");
      await it.page.getByText("Drop files here").waitFor();
      await choose(it, file.path);
      expect((await sent).headers().authorization).toBe("Bearer my.secret.token");
      await token.waitFor();
      await shown(it.row("a.mp4"), "Sign in again");
      const kept = await it.page.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
      );
      expect(kept).not.toContain("secret");
      expect(await it.page.content()).not.toContain("secret");
    });
  },
);

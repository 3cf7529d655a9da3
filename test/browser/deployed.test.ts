/** The page, and a page with the article's client, against what `infra` deploys, from an origin of their own. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type DeployedApi, deployApi, deployedToken } from "../support/deployed-api.ts";
import { chromiumPath } from "./chromium.ts";
import { type StaticHost, startStaticHost } from "./static-host.ts";
import {
  barriers,
  choose,
  leftAtS3,
  MiB,
  makeFile,
  partsSent,
  shown,
  slowParts,
  storedSha256,
  useUploadPage,
} from "./upload-page.ts";

describe.skipIf(chromiumPath === undefined)("in Chromium, against what is deployed", { timeout: 120_000 }, () => {
  const it = useUploadPage();
  let api: DeployedApi;
  let host: StaticHost;

  const deploy = async (settings: Readonly<Record<string, string>> = {}, origin?: string) => {
    host = await startStaticHost(() => ({ endpoint: api.endpoint }));
    api = await deployApi(it.sandbox, { origin: origin ?? new URL(host.url).origin, settings });
    await it.goto(host.url);
  };
  const signIn = async () => {
    await it.page.getByLabel("Access token").fill(deployedToken);
    await it.page.getByRole("button", { name: "Sign in" }).click();
    await it.page.locator("#drop").waitFor();
  };
  afterEach(async () => {
    await host.close();
    await api.close();
  });

  describe("the upload page", () => {
    beforeEach(() => deploy());

    test("signs in, and stores a small file and a large one", async () => {
      const files = [await makeFile(it, "note.pdf", MiB), await makeFile(it, "film.mp4", 40 * MiB)];
      await signIn();
      await choose(it, ...files.map(({ path }) => path));
      await shown(it.page.locator("#summary"), "2 of 2 files uploaded");
      for (const { name, sha256 } of files) {
        await shown(it.row(name), "CRC32 verified");
        expect(await storedSha256(it, it.row(name))).toBe(sha256);
      }
    });

    test("asks again for a token that is refused, and says so", async () => {
      await it.page.getByLabel("Access token").fill("another.token");
      await it.page.getByRole("button", { name: "Sign in" }).click();
      await shown(it.page.locator("#problem"), /refused the request \(401\)/);
      expect(await it.page.locator("#drop").isVisible()).toBe(false);
      expect(await barriers(it)).toEqual([]);
      await signIn();
      await it.page.getByText("Drop files here").waitFor();
      expect(await it.page.locator("#problem").isVisible()).toBe(false);
    });

    test("goes on after a reload, with the file chosen again", async () => {
      const file = await makeFile(it, "film.mp4", 80 * MiB);
      await signIn();
      slowParts(it, 12 * MiB);
      await choose(it, file.path);
      await expect
        .poll(() => partsSent(it), {
          timeout: 60_000,
        })
        .toBeGreaterThanOrEqual(2);
      await it.page.waitForTimeout(600);
      await it.page.reload();
      it.sandbox.faults.clear();
      await signIn();
      await shown(it.row(file.name), "Choose the same file again to go on.");
      await choose(it, file.path);
      await shown(it.row(file.name), /Uploaded · 80 MiB · CRC32 verified · \d+ MiB were there already/);
      expect(await storedSha256(it, it.row(file.name))).toBe(file.sha256);
      expect(await leftAtS3(it)).toEqual({ objects: 1, uploads: 0 });
    });

    test("removes what it has begun when an upload is cancelled", async () => {
      const file = await makeFile(it, "film.mp4", 40 * MiB);
      await signIn();
      slowParts(it, 4 * MiB);
      await choose(it, file.path);
      await shown(it.row(file.name), /MiB\/s/);
      await it.row(file.name).getByRole("button", { name: "Cancel: film.mp4" }).click();
      await expect.poll(() => leftAtS3(it), { timeout: 10_000 }).toEqual({ objects: 0, uploads: 0 });
    });
  });

  test("a page of an origin that is not allowed is told so by its own API's CORS", async () => {
    await deploy({}, "https://app.example.com");
    await shown(it.page.locator("#problem"), /CORS/);
  });

  describe("the article's client", () => {
    beforeEach(() => deploy({ REQUIRE_SIZE: "false" }));

    test("stores its file", async () => {
      const answer = await it.page.evaluate(articleUpload, { endpoint: api.endpoint, token: deployedToken });
      expect(answer).toMatchObject({ status: 200, key: expect.stringMatching(/^uploads\//) });
      expect(await leftAtS3(it)).toEqual({ objects: 1, uploads: 0 });
    });
  });
});

/** Runs in the browser: asks for a URL, and puts a file of the page's own there. */
async function articleUpload({ endpoint, token }: { endpoint: string; token: string }) {
  const file = new File(["hello"], "hello.txt", { type: "text/plain" });
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify({ fileName: file.name, contentType: file.type }),
  });
  const { uploadUrl, key } = (await response.json()) as { uploadUrl: string; key: string };
  const upload = await fetch(uploadUrl, { method: "PUT", headers: { "Content-Type": file.type }, body: file });
  return { status: upload.status, key };
}

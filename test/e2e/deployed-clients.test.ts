/**
 * The clients against what `infra` deploys: the zip's function behind an HTTP API with the routes, the sign-in and the
 * CORS of the Terraform, in front of a bucket with its CORS. test/infra/moto.test.ts holds that this is what it deploys.
 */
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserFetch } from "../support/browser-fetch.ts";
import { s3up } from "../support/built-program.ts";
import { type DeployedApi, deployApi, deployedToken } from "../support/deployed-api.ts";
import { appOrigin } from "../support/deployed-shape.ts";
import { useSandbox } from "../support/running-sandbox.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const MiB = 1024 ** 2;
const running = useSandbox();
const directory = useTemporaryDirectory();
const deployments: DeployedApi[] = [];

async function deploy(settings: Readonly<Record<string, string>> = {}): Promise<string> {
  const deployment = await deployApi(running.sandbox, { settings });
  deployments.push(deployment);
  return deployment.endpoint;
}

let endpoint = "";
beforeAll(async () => {
  endpoint = await deploy();
});
afterAll(async () => {
  for (const deployment of deployments) await deployment.close();
});

async function stored(key: string): Promise<string> {
  const { status, body } = await running.send(`GET /${running.sandbox.bucket}/${key}`);
  expect(status).toBe(200);
  return createHash("sha256").update(body).digest("hex");
}

describe("s3up put", () => {
  test.for([
    ["a small file, by one PUT", 1000],
    ["a large one, in parts", 20 * MiB],
  ] as const)("%s", async ([, size]) => {
    const file = join(directory(), "film.mp4");
    const content = "x".repeat(size);
    await writeFile(file, content);
    const ran = await s3up(["put", file, "--endpoint", endpoint], { env: { S3UP_TOKEN: deployedToken } });
    expect(ran.exitCode).toBe(0);
    const key = ran.stdout.split("\t")[0]?.replace(`s3://${running.sandbox.bucket}/`, "") ?? "";
    expect(key).toMatch(/^uploads\//);
    expect(await stored(key)).toBe(createHash("sha256").update(content).digest("hex"));
  });

  test("without a token it is told to sign in", async () => {
    const file = join(directory(), "a.txt");
    await writeFile(file, "a");
    const ran = await s3up(["put", file, "--endpoint", endpoint]);
    expect(ran.exitCode).toBe(4);
    expect(ran.stderr).toContain("--token");
  });
});

describe("a page", () => {
  const signedIn = { "content-type": "application/json", authorization: `Bearer ${deployedToken}` };
  const wish = { v: 1, mode: "put", fileName: "a.txt", contentType: "text/plain", size: 5 };
  const ask = (fetch: typeof globalThis.fetch, body: object, address = endpoint) =>
    fetch(address, { method: "POST", headers: signedIn, body: JSON.stringify(body) });

  test("of the intended origin is let in by the API and by the bucket, and can read the ETag", async () => {
    const fetch = browserFetch(appOrigin);
    const granted = await ask(fetch, wish);
    expect(granted.status).toBe(200);
    const { uploadUrl, headers } = (await granted.json()) as { uploadUrl: string; headers: Record<string, string> };
    const upload = await fetch(uploadUrl, { method: "PUT", headers, body: "hello" });
    expect(upload.status).toBe(200);
    expect(upload.headers.get("etag")).toMatch(/^"/);
  });

  test("can send all that it signs for a part, and what it asks for in the API", async () => {
    const fetch = browserFetch(appOrigin);
    const created = await ask(fetch, { ...wish, mode: "multipart", size: 20 * MiB }, `${endpoint}/multipart`);
    expect(created.status).toBe(201);
    const { parts, uploadToken } = (await created.json()) as {
      uploadToken: string;
      parts: readonly { url: string; headers: Record<string, string>; contentLength: number }[];
    };
    const [first] = parts;
    if (first === undefined) throw new Error("no part was signed");
    const sent = await fetch(first.url, {
      method: "PUT",
      headers: first.headers,
      body: "x".repeat(first.contentLength),
    });
    expect([sent.status, sent.headers.get("etag")]).toEqual([200, expect.stringMatching(/^"/)]);
    expect((await ask(fetch, { uploadToken }, `${endpoint}/multipart/abort`)).status).toBe(204);
  });

  test("of another origin is kept out by both", async () => {
    const stranger = browserFetch("https://evil.example.com");
    await expect(ask(stranger, wish)).rejects.toThrow("CORS");
    const { uploadUrl, headers } = (await (await ask(browserFetch(appOrigin), wish)).json()) as {
      uploadUrl: string;
      headers: Record<string, string>;
    };
    await expect(stranger(uploadUrl, { method: "PUT", headers, body: "hello" })).rejects.toThrow("CORS");
  });
});

describe("the article's client, word for word", () => {
  async function upload(address: string, fetch: typeof globalThis.fetch) {
    const file = new File(["hello"], "hello.txt", { type: "text/plain" });
    const response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${deployedToken}` },
      body: JSON.stringify({ fileName: file.name, contentType: file.type }),
    });
    if (!response.ok) return { status: response.status, ...((await response.json()) as object) };
    const { uploadUrl } = (await response.json()) as { uploadUrl: string };
    const answer = await fetch(uploadUrl, {
      method: "PUT",
      headers: { "Content-Type": file.type },
      body: await file.text(),
    });
    return { status: answer.status };
  }

  test("works where require_size is false", async () => {
    const address = await deploy({ REQUIRE_SIZE: "false" });
    expect(await upload(address, browserFetch(appOrigin))).toEqual({ status: 200 });
  });

  test("is told what is missing where sizes are required, as is the default", async () => {
    expect(await upload(endpoint, browserFetch(appOrigin))).toMatchObject({ status: 400, error: "size_required" });
  });
});

describe("the gateway", () => {
  test.for([
    ["a path that is no route", "GET", "/multipart", 404, "Not Found"],
    ["a method that is no route", "DELETE", "", 404, "Not Found"],
    ["nobody", "GET", "", 401, "Unauthorized"],
  ] as const)("refuses %s in its own words", async ([, method, path, status, message]) => {
    const answer = await fetch(`${endpoint}${path}`, { method });
    expect([answer.status, await answer.json()]).toEqual([status, { message }]);
  });
});

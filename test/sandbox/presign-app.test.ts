import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createFaults, type Faults } from "../../src/sandbox/faults.ts";
import { type PresignApp, startPresignApp } from "../../src/sandbox/presign-app.ts";

/** Signing needs no S3 that listens. */
const s3 = "http://127.0.0.1:9";
const options = {
  port: 0,
  s3,
  bucket: "drop",
  region: "eu-central-1",
  credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "a-secret-for-tests" },
  limits: { MAX_SIZE: "1MiB" },
  now: () => new Date("2030-01-01T00:00:00Z"),
};

let faults: Faults;
let app: PresignApp;
let operations: string[];

beforeAll(async () => {
  faults = createFaults({ rules: [], seed: 1, now: options.now, wait: async () => {} });
  app = await startPresignApp({ ...options, faults, log: ({ operation }) => operations.push(operation) });
});
beforeEach(() => {
  operations = [];
  faults.clear();
});
afterAll(() => app.close());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Not `fetch`, which lets nobody choose the Host header. */
function send(method: string, path: string, headers: Record<string, string> = {}, body = ""): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(app.url);
    const request = httpRequest({ hostname, port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("error", reject);
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}

describe("the backend behind its gateway", () => {
  test("says what it can, within the limits that were given", async () => {
    const answer = await send("GET", "/presign");
    expect(answer).toMatchObject({ status: 200, headers: { "content-type": "application/json" } });
    expect(JSON.parse(answer.body)).toMatchObject({ service: "s3up-presign", maxSize: 1_048_576, auth: "none" });
    expect(answer.headers["apigw-requestid"]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(operations).toEqual(["capabilities"]);
  });

  test("signs for the sandbox's S3, for the article's own client too", async () => {
    const body = JSON.stringify({ fileName: "photo.jpg", contentType: "image/jpeg" });
    const answer = await send("POST", "/presign", { "content-type": "application/json" }, body);
    expect(answer.status).toBe(200);
    const { uploadUrl, key } = JSON.parse(answer.body);
    expect(uploadUrl).toMatch(/^http:\/\/127\.0\.0\.1:9\/drop\/uploads\//);
    expect(key).toMatch(/photo\.jpg$/);
  });

  test("is refused by the backend in the backend's words", async () => {
    const body = JSON.stringify({ v: 1, fileName: "a", contentType: "image/png", size: 2_000_000 });
    const answer = await send("POST", "/presign", {}, body);
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.body)).toMatchObject({ error: "file_too_large" });
  });

  test.for<[string, string, string, number, string]>([
    ["a path without a route", "GET", "/other", 404, "Not Found"],
    ["a path that only begins the same", "GET", "/presigned", 404, "Not Found"],
    ["the page by another method", "POST", "/", 404, "Not Found"],
  ])("%s is refused in the gateway's words", async ([, method, path, status, message]) => {
    const answer = await send(method, path);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual({ message });
  });

  test("a body of more than 10 MiB never reaches the backend", async () => {
    const answer = await send("POST", "/presign", {}, "x".repeat(10 * 1024 ** 2 + 1));
    expect(answer).toMatchObject({ status: 413, body: '{"message":"Request Too Long"}' });
    expect(operations).toEqual([]);
  });
});

describe("pages elsewhere", () => {
  test.for(["http://localhost:5173", "http://127.0.0.1:8080", "https://localhost", "http://app.localhost:1"])(
    "%s may ask",
    async (origin) => {
      const preflight = await send("OPTIONS", "/presign/multipart", {
        origin,
        "access-control-request-method": "POST",
      });
      expect(preflight).toMatchObject({
        status: 204,
        headers: {
          "access-control-allow-origin": origin,
          "access-control-allow-headers": "content-type,authorization",
        },
      });
      const answer = await send("GET", "/presign", { origin });
      expect(answer.headers).toMatchObject({ "access-control-allow-origin": origin, vary: "origin" });
    },
  );

  test.for(["https://example.com", "http://localhost.example.com", "http://127.0.0.1.example.com", "null"])(
    "%s may not",
    async (origin) => {
      const preflight = await send("OPTIONS", "/presign", { origin, "access-control-request-method": "POST" });
      expect(preflight.status).toBe(204);
      expect(preflight.headers).not.toHaveProperty("access-control-allow-origin");
      expect((await send("GET", "/presign", { origin })).headers).not.toHaveProperty("access-control-allow-origin");
    },
  );

  test.for(["evil.example", "127.0.0.1.evil.example", "evil.example:80"])(
    "the host %j is not this machine",
    async (host) => {
      expect(await send("GET", "/presign", { host })).toMatchObject({ status: 403 });
      expect(await send("GET", "/", { host })).toMatchObject({ status: 403 });
    },
  );
});

describe("the upload page", () => {
  test("stands at the root, under a policy that lets it speak to itself and to S3 alone", async () => {
    const { status, headers, body } = await send("GET", "/", { host: "localhost" });
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(headers["content-security-policy"]).toContain(`connect-src 'self' ${s3};`);
    expect(headers["content-security-policy"]).not.toMatch(/unsafe|\*/);
    expect(body).toContain('<script type="module" src="page.js">');
    expect(body).not.toMatch(/<style|style=|onload=|<script>/);
  });

  test.for<[string, string]>([
    ["/page.js", "text/javascript; charset=utf-8"],
    ["/page.css", "text/css; charset=utf-8"],
    ["/icon.svg", "image/svg+xml"],
    ["/config.json", "application/json"],
  ])("has %s beside it", async ([path, type]) => {
    const { status, headers, body } = await send("GET", path);
    expect([status, headers["content-type"], headers["x-content-type-options"]]).toEqual([200, type, "nosniff"]);
    expect(body).not.toBe("");
  });

  test.for(["/page.ts", "/constructor", "/../package.json", "/%2e%2e/package.json", "/index.html/"])(
    "%s is none of its files",
    async (path) => {
      expect((await send("GET", path)).status).toBe(404);
    },
  );
});

describe("the page about the sandbox", () => {
  test("names what runs and runs nothing itself", async () => {
    const { status, headers, body } = await send("GET", "/sandbox", { host: "localhost" });
    expect(status).toBe(200);
    expect(body).toContain(app.url);
    expect(body).toContain(`export AWS_ENDPOINT_URL_S3=${s3}`);
    expect(body).not.toMatch(/<script|onload=|src=/);
    const [, nonce] = /'nonce-([^']+)'/.exec(String(headers["content-security-policy"])) ?? [];
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(body).toContain(`<style nonce="${nonce}">`);
  });
});

describe("faults of the endpoint", () => {
  test.for<[string, number, string]>([
    ["status-500", 500, '{"message":"Internal Server Error"}'],
    ["slow-down", 429, '{"message":"Too Many Requests"}'],
    ["expired", 403, '{"message":"Forbidden"}'],
    ["html", 502, "<html>"],
  ])("%s", async ([kind, status, body]) => {
    faults.add({ kind: kind as "html", operation: "Presign" });
    const answer = await send("GET", "/presign");
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(body);
    expect((await send("GET", "/presign")).status, "the next one").toBe(200);
  });

  test.for<[string, string[]]>([
    ["reset-before", []],
    ["lost-answer", ["capabilities"]],
    ["truncated", ["capabilities"]],
  ])("%s", async ([kind, done]) => {
    faults.add({ kind: kind as "truncated", operation: "Presign" });
    await expect(send("GET", "/presign")).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(operations).toEqual(done);
  });
});

test("limits that the backend does not take are refused before anything listens", async () => {
  const bad = { ...options, limits: { MAX_SIZE: "much" }, faults, log: () => {} };
  await expect(startPresignApp(bad)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
});

test("a port that is taken is named", async () => {
  const port = Number(new URL(app.url).port);
  await expect(startPresignApp({ ...options, port, faults, log: () => {} })).rejects.toMatchObject({
    code: "NETWORK",
    message: `The sandbox cannot use port ${port}.`,
  });
});

import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { s3up, withCredentials, withEndpoint } from "../support/built-program.ts";
import { loopbackCertificate } from "../support/loopback-certificate.ts";
import { useLoopbackProxies } from "../support/loopback-proxy.ts";
import { useSandbox } from "../support/running-sandbox.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";
import { startTlsFront } from "../support/tls-front.ts";

const MiB = 1024 ** 2;
const content = randomBytes(20 * MiB + 1);
const certificate = loopbackCertificate();
const startProxy = useLoopbackProxies();
const started = useSandbox();
const directory = useTemporaryDirectory();
let front: Awaited<ReturnType<typeof startTlsFront>>;
let secure: Readonly<Record<string, string>>;

beforeAll(async () => {
  front = await startTlsFront(started.sandbox.s3, certificate);
});
afterAll(() => front.close());

beforeEach(async () => {
  await writeFile(join(directory(), "movie.bin"), content);
  await writeFile(join(directory(), "ca.pem"), certificate.cert);
  secure = {
    ...withCredentials(started.sandbox),
    AWS_ENDPOINT_URL_S3: front.origin,
    AWS_CA_BUNDLE: join(directory(), "ca.pem"),
  };
});

const put = (argv: readonly string[], env: Readonly<Record<string, string>>) =>
  s3up(["put", "movie.bin", ...argv, "--quiet"], { cwd: directory(), env });

describe("HTTPS_PROXY", () => {
  test("carries control calls and parts, in one tunnel for each connection", async () => {
    const proxy = await startProxy({ credentials: "ada:s3cret" });
    const env = { ...secure, HTTPS_PROXY: `http://ada:s3cret@${proxy.host}` };
    const ran = await put(["s3://drop/proxied", "--part-size", "5MiB", "-c", "2"], env);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${front.host}`]));
    // One for the call that begins the upload, two for its five parts and the completion.
    expect(proxy.connections()).toBeLessThanOrEqual(3);
  });

  test("carries a stream", async () => {
    const proxy = await startProxy();
    const ran = await s3up(["put", "-", "s3://drop/streamed", "--quiet"], {
      input: content,
      env: { ...secure, https_proxy: `http://${proxy.host}` },
    });
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(proxy.asked.length).toBeGreaterThan(0);
  });

  test("is left out for what NO_PROXY names", async () => {
    const env = { ...secure, HTTPS_PROXY: "http://127.0.0.1:1", NO_PROXY: "127.0.0.0/8" };
    expect(await put(["s3://drop/direct"], env)).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test.for([
    ["in one PUT", ["s3://drop/k", "--multipart-threshold", "1GiB"]],
    ["in parts", ["s3://drop/k"]],
  ] as const)("that wants another password is named, and its own is not (%s)", async ([, argv]) => {
    const proxy = await startProxy({ credentials: "ada:right" });
    const ran = await put(argv, { ...secure, HTTPS_PROXY: `http://ada:wr0ng@${proxy.host}` });
    expect(ran.exitCode).toBe(3);
    expect(ran.stderr).toContain(`The proxy ${proxy.host} refused the way to ${front.host}.`);
    expect(ran.stderr).toContain("407");
    expect(ran.stderr + ran.stdout).not.toContain("wr0ng");
  });

  test("of a kind that s3up does not speak is said, without its password", async () => {
    const ran = await put(["s3://drop/k"], { ...secure, ALL_PROXY: "socks5://ada:wr0ng@127.0.0.1:1" });
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain("ALL_PROXY names no proxy that s3up can use.");
    expect(ran.stderr).not.toContain("wr0ng");
  });

  test("where nothing listens is said to be the proxy's fault", async () => {
    const env = { ...secure, HTTPS_PROXY: "http://127.0.0.1:1" };
    const ran = await put(["s3://drop/k", "--max-attempts", "1"], env);
    expect(ran.exitCode).toBe(3);
    expect(ran.stderr).toContain("The proxy 127.0.0.1:1 could not be reached (ECONNREFUSED).");
  });
});

describe("HTTP_PROXY", () => {
  test("carries the presign endpoint and the parts", async () => {
    const proxy = await startProxy();
    const env = { ...withEndpoint(started.sandbox), HTTP_PROXY: `http://${proxy.host}` };
    expect(await put(["--part-size", "8MiB"], env)).toMatchObject({ exitCode: 0, stderr: "" });
    const asked = proxy.asked.map((line) => line.replace(/\/uploads\/.*/, "/uploads/…"));
    expect(asked).toContain(`GET ${started.sandbox.presign}`);
    expect(asked).toContain(`PUT ${started.sandbox.s3}/drop/uploads/…`);
  });

  test("carries an audit", async () => {
    const proxy = await startProxy();
    const env = { ...withCredentials(started.sandbox), http_proxy: `http://${proxy.host}` };
    await s3up(["audit", "drop", "--quiet"], { env });
    expect(proxy.asked.some((line) => line.startsWith(`GET ${started.sandbox.s3}/drop`))).toBe(true);
  });
});

import { describe, expect, test } from "vitest";
import type { EndpointFacts, EndpointProbe } from "../../src/audit/endpoint-facts.ts";
import { evaluate } from "../../src/audit/evaluate.ts";
import { hostileNames } from "../../src/audit/hostile-names.ts";
import { rules } from "../../src/audit/rules/index.ts";
import { probeEndpoint } from "../../src/http/endpoint-probe.ts";
import { createPartSender } from "../../src/http/part-sender.ts";
import { aBucket, anIntent } from "../support/audit-bucket.ts";
import { type Flaws, goodToken, useFlawedEndpoints } from "../support/flawed-endpoint.ts";

const start = useFlawedEndpoints();

interface ProbeChanges {
  /** Undefined: nobody signs in. */
  readonly token?: string | undefined;
  /** What there is once the token was refused. */
  readonly renewed?: string;
  readonly upload?: boolean;
}

/** Probes with a good token unless the test says otherwise. */
async function probe(url: string, changes: ProbeChanges = {}): Promise<EndpointProbe> {
  const { token, renewed, upload } = { token: goodToken, renewed: undefined, upload: false, ...changes };
  const sender = createPartSender({ connections: 1, connectTimeoutMs: 5000, stallTimeoutMs: 5000 });
  const bearer = (text: string | undefined) => (text === undefined ? undefined : { authorization: `Bearer ${text}` });
  try {
    return await probeEndpoint({
      url,
      sender,
      upload,
      authorize: token === undefined ? undefined : async (_, refused) => bearer(refused ? renewed : token),
      sleep: async () => {},
      now: () => new Date(),
      signal: new AbortController().signal,
    });
  } finally {
    sender.close();
  }
}

/** Ids of the rules that fail, and those that stay unknown with a question mark. */
function findings(endpoint: EndpointFacts): readonly string[] {
  const asked = rules.filter(({ needs }) => needs.includes("endpoint"));
  const results = evaluate(aBucket({ endpoint, signer: undefined }), asked, anIntent());
  return results.flatMap(({ rule, status }) => (status === "fail" ? [rule] : status === "unknown" ? [`${rule}?`] : []));
}

describe("what an endpoint is found to do wrong", () => {
  test.for<[sentence: string, flaws: Flaws, found: readonly string[]]>([
    ["nothing, when it does all right", {}, []],
    ["signs without an Authorization", { open: true }, ["function-public"]],
    ["takes names as they come", { rawNames: true }, ["key-sanitised"]],
    ["puts uploads elsewhere", { prefix: "" }, ["key-prefix"]],
    ["signs for an hour", { expiresIn: 3600 }, ["short-lived-urls"]],
    ["signs for as long as one likes", { anyLife: true }, ["short-lived-urls"]],
    ["signs for any size", { anySize: true }, ["upload-size-limit"]],
    ["leaves the type open", { unsigned: ["content-type"] }, ["urls-bind-upload"]],
    ["leaves the size open", { unsigned: ["content-length"] }, ["urls-bind-upload"]],
    ["leaves the checksum open", { unsigned: ["x-amz-checksum-sha256"] }, ["urls-bind-upload"]],
    ["signs for requests without a size", { article: true }, ["urls-bind-upload"]],
    ["signs with Signature V2", { signatureV2: true }, ["urls-bind-upload"]],
    ["signs an empty body's checksum", { query: { "x-amz-checksum-crc32": "AAAAAA==" } }, ["checksum-in-query"]],
    ["signs a checksum into the query", { query: { "X-Amz-Checksum-Sha256": "abc=" } }, ["checksum-in-query"]],
    ["signs for another bucket", { bucket: "other" }, ["endpoint-bucket"]],
    ["signs for plain HTTP", { plainHttp: true }, ["cors-preflight?", "upload-url-https"]],
    ["admits every page", { allowOrigin: "*" }, ["cors-api"]],
    ["admits the page that asks", { allowOrigin: "https://s3up-probe.invalid" }, ["cors-api"]],
    ["admits its own page", { allowOrigin: "https://app.example.com" }, []],
    ["has storage that admits every page", { bucketAllowOrigin: "*" }, ["cors-preflight"]],
    ["hands out a form that is fine", { form: "good" }, []],
    ["hands out a form with an open key", { form: "open-key" }, ["urls-bind-upload"]],
    ["hands out a form of any size", { form: "no-range" }, ["urls-bind-upload"]],
  ])("%s", async ([, flaws, found]) => {
    const { url } = await start(flaws);
    const { facts } = await probe(url);
    expect(findings(facts)).toEqual(found);
  });

  test("the article's own function, as it is often deployed", async () => {
    const { url } = await start({
      articleOnly: true,
      anySize: true,
      open: true,
      rawNames: true,
      prefix: "",
      expiresIn: 3600,
      unsigned: ["content-type"],
      query: { "x-amz-checksum-crc32": "AAAAAA==" },
      allowOrigin: "*",
      bucketAllowOrigin: "*",
    });
    const { facts } = await probe(url, { token: undefined });
    expect(findings(facts)).toEqual([
      "short-lived-urls",
      "function-public",
      "key-prefix",
      "no-overwrite",
      "key-sanitised",
      "cors-api",
      "cors-preflight",
      "urls-bind-upload",
      "upload-size-limit",
      "checksum-in-query",
    ]);
  });
});

describe("what is sent", () => {
  test("uploads nothing unless that was asked for", async () => {
    const { url, seen, stored } = await start();
    const { requests, stored: left } = await probe(url);
    expect(stored).toEqual([]);
    expect(left).toBeUndefined();
    expect(requests).toBe(seen.length);
    expect(seen.filter((line) => line.startsWith("PUT"))).toEqual([]);
  });

  test("uploads twice to one address when asked, and says what it left behind", async () => {
    const { url, stored } = await start();
    const { facts, stored: left } = await probe(url, { upload: true });
    expect(facts.replay).toEqual({ first: 200, second: 412 });
    expect(stored).toEqual([`/drop/${left?.key}`]);
    expect(left).toMatchObject({ bucket: "drop", bytes: 11 });
  });

  test("tells an address that works twice", async () => {
    const { url } = await start({ replayable: true });
    const { facts } = await probe(url, { upload: true });
    expect(findings(facts)).toEqual(["urls-one-time"]);
  });

  test("sends no upload to plain HTTP beyond this machine", async () => {
    const { url } = await start({ plainHttp: true });
    const { facts } = await probe(url, { upload: true });
    expect(facts.replay).toBeUndefined();
  });

  test("asks with every hostile name once", async () => {
    const { url } = await start();
    const { facts } = await probe(url);
    expect(facts.names.map(({ name }) => name)).toEqual(hostileNames.map(({ id }) => id));
  });

  test("keeps no signature and no token in the facts", async () => {
    const { url } = await start();
    const { facts } = await probe(url);
    expect(JSON.stringify(facts)).not.toMatch(/signature=|made-up|let-me-in|AKIA/i);
  });
});

describe("an endpoint that wants a sign-in", () => {
  test("is asked no further by who has none, and what it would sign stays unknown", async () => {
    const { url } = await start();
    const { facts } = await probe(url, { token: undefined });
    expect(facts).toMatchObject({ anonymous: "refused", forms: [], uploads: [], names: [] });
    // it is the bucket that replaces what is there: what the endpoint would do about it was not seen
    expect(findings(facts).filter((rule) => !rule.endsWith("?"))).toEqual(["no-overwrite"]);
    expect(findings(facts)).toContain("key-sanitised?");
  });

  test("is asked with a newer token where the first is refused", async () => {
    const { url } = await start();
    const { facts } = await probe(url, { renewed: goodToken, token: "too-old" });
    expect(facts).toMatchObject({ anonymous: "refused", forms: ["v1"] });
  });

  test("is an error when it refuses the one that was given", async () => {
    const { url } = await start();
    await expect(probe(url, { token: "wrong" })).rejects.toMatchObject({ code: "ACCESS_DENIED" });
  });
});

describe("an address that is no presign endpoint", () => {
  test.for<[sentence: string, flaws: Flaws, code: string]>([
    ["answers 404", { failFrom: { request: 1, status: 404 } }, "ENDPOINT_ERROR"],
    ["answers 500", { failFrom: { request: 1, status: 500 } }, "ENDPOINT_ERROR"],
    ["is throttled", { failFrom: { request: 1, status: 429 } }, "THROTTLED"],
    ["answers 200 with nothing", { failFrom: { request: 1, status: 200 } }, "ENDPOINT_ERROR"],
  ])("%s", async ([, flaws, code]) => {
    const { url } = await start(flaws);
    await expect(probe(url)).rejects.toMatchObject({ code });
  });

  test("is not there", async () => {
    await expect(probe("http://127.0.0.1:9/presign")).rejects.toMatchObject({ code: "NETWORK" });
  });

  test("would get a token in the clear", async () => {
    await expect(probe("http://api.example.com/presign")).rejects.toMatchObject({ code: "USAGE" });
  });
});

test("an endpoint that throttles in the middle leaves the rest unknown", async () => {
  const { url } = await start({ failFrom: { request: 10, status: 429 } });
  const { facts } = await probe(url);
  expect(findings(facts)).toContain("key-sanitised?");
});

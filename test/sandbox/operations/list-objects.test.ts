import { beforeAll, describe, expect, test } from "vitest";
import { elementOf, elementsOf, outcomeOf, useSandbox } from "../../support/running-sandbox.ts";

const { send } = useSandbox();

beforeAll(async () => {
  for (const key of ["a", "b/1", "b/2", "c%20d", "%C3%BC"]) await send(`PUT /drop/${key}`, {}, key);
});

const keysOf = (body: string) => elementsOf(body, "Key");
const prefixesOf = (body: string) =>
  elementsOf(
    body.replace(/<Prefix>[^<]*<\/Prefix>(?=<(Marker|StartAfter|KeyCount|Next|MaxKeys|Continuation))/, ""),
    "Prefix",
  );

describe("ListObjectsV2", () => {
  test("lists all with size, ETag, checksum and class", async () => {
    const { body } = await send("GET /drop?list-type=2");
    expect(keysOf(body)).toEqual(["a", "b/1", "b/2", "c d", "ü"]);
    expect(elementOf(body, "KeyCount")).toBe("5");
    expect(elementOf(body, "IsTruncated")).toBe("false");
    expect(elementsOf(body, "Size")[0]).toBe("1");
    expect(elementsOf(body, "ETag")[0]).toBe("&quot;0cc175b9c0f1b6a831c399e269772661&quot;");
    expect(elementsOf(body, "ChecksumAlgorithm")[0]).toBe("CRC64NVME");
    expect(elementsOf(body, "StorageClass")[0]).toBe("STANDARD");
    expect(body).not.toContain("<Owner>");
  });

  test("rolls up what a delimiter ends", async () => {
    const { body } = await send("GET /drop?delimiter=%2F&list-type=2");
    expect(keysOf(body)).toEqual(["a", "c d", "ü"]);
    expect(prefixesOf(body)).toEqual(["b/"]);
  });

  test("goes on with the token, page by page", async () => {
    const found: string[] = [];
    let token = "";
    for (let page = 0; page < 3; page += 1) {
      const { body } = await send(
        `GET /drop?${token === "" ? "" : `continuation-token=${token}&`}list-type=2&max-keys=2`,
      );
      found.push(...keysOf(body));
      token = elementOf(body, "NextContinuationToken") ?? "";
    }
    expect(found).toEqual(["a", "b/1", "b/2", "c d", "ü"]);
    expect(token).toBe("");
  });

  test("begins after a key", async () => {
    expect(keysOf((await send("GET /drop?list-type=2&start-after=b%2F2")).body)).toEqual(["c d", "ü"]);
  });

  test("writes keys as URLs on request", async () => {
    const { body } = await send("GET /drop?encoding-type=url&list-type=2");
    expect(keysOf(body)).toEqual(["a", "b/1", "b/2", "c+d", "%C3%BC"]);
    expect(elementOf(body, "EncodingType")).toBe("url");
  });

  test("names the owner on request", async () => {
    expect((await send("GET /drop?fetch-owner=true&list-type=2")).body).toContain("<Owner><ID>");
  });

  test.for([
    ["max-keys that is no number", "list-type=2&max-keys=many"],
    ["max-keys below nothing", "list-type=2&max-keys=-1"],
    ["a token that S3 did not write", "continuation-token=abc&list-type=2"],
    ["another encoding", "encoding-type=html&list-type=2"],
  ] as const)("refuses %s", async ([, query]) => {
    expect(outcomeOf(await send(`GET /drop?${query}`))).toBe("400 InvalidArgument");
  });

  test("gives a thousand keys to whoever asks for more", async () => {
    expect(elementOf((await send("GET /drop?list-type=2&max-keys=5000")).body, "MaxKeys")).toBe("1000");
  });
});

describe("ListObjects", () => {
  test("goes on after the last key", async () => {
    const first = (await send("GET /drop?max-keys=2")).body;
    expect(keysOf(first)).toEqual(["a", "b/1"]);
    expect(elementOf(first, "IsTruncated")).toBe("true");
    expect(elementOf(first, "NextMarker")).toBeUndefined();
    expect(keysOf((await send("GET /drop?marker=b%2F1")).body)).toEqual(["b/2", "c d", "ü"]);
  });

  test("with a delimiter says after what to go on", async () => {
    const first = (await send("GET /drop?delimiter=%2F&max-keys=2")).body;
    expect(elementOf(first, "NextMarker")).toBe("b/");
    expect(keysOf((await send("GET /drop?delimiter=%2F&marker=b%2F")).body)).toEqual(["c d", "ü"]);
  });
});

import { describe, expect, test } from "vitest";
import { base64Sha256, elementOf, md5Hex, outcomeOf, useSandbox } from "../../support/running-sandbox.ts";

const { send } = useSandbox();
const hello = { md5: '"5d41402abc4b2a76b9719d911017c592"', crc64nvme: "M3eFcAZSQlc=", crc32: "NhCmhg==" };

describe("PutObject", () => {
  test("answers with the ETag and the checksum that S3 calculates on its own", async () => {
    const answer = await send("PUT /drop/hello", {}, "hello");
    expect(answer).toMatchObject({ status: 200, body: "" });
    expect(answer.headers).toMatchObject({
      etag: hello.md5,
      "x-amz-checksum-crc64nvme": hello.crc64nvme,
      "x-amz-checksum-type": "FULL_OBJECT",
      "x-amz-server-side-encryption": "AES256",
    });
  });

  test("keeps the checksum that the client sent instead", async () => {
    const { headers } = await send("PUT /drop/hello", { "x-amz-checksum-crc32": hello.crc32 }, "hello");
    expect(headers).toMatchObject({ "x-amz-checksum-crc32": hello.crc32, "x-amz-checksum-type": "FULL_OBJECT" });
    expect(headers).not.toHaveProperty("x-amz-checksum-crc64nvme");
  });

  test.for([
    ["a wrong checksum", { "x-amz-checksum-sha256": base64Sha256("other") }, "400 BadDigest"],
    ["a wrong MD5", { "content-md5": "AAAAAAAAAAAAAAAAAAAAAA==" }, "400 BadDigest"],
    ["too much metadata", { "x-amz-meta-a": "x".repeat(2048) }, "400 MetadataTooLarge"],
    ["a public ACL", { "x-amz-acl": "public-read" }, "400 AccessControlListNotSupported"],
    ["more than 5 GiB", { "content-length": String(5 * 1024 ** 3 + 1), expect: "100-continue" }, "400 EntityTooLarge"],
  ] as const)("refuses %s and stores nothing", async ([, headers, outcome]) => {
    expect(outcomeOf(await send("PUT /drop/refused", headers as Record<string, string>, "hello"))).toBe(outcome);
    expect(outcomeOf(await send("HEAD /drop/refused"))).toBe("404");
  });

  test("stores an empty object", async () => {
    expect((await send("PUT /drop/empty", {}, "")).headers.etag).toBe(`"${md5Hex("")}"`);
    expect(await send("GET /drop/empty")).toMatchObject({ status: 200, body: "" });
  });

  test.for([
    ["../../etc/passwd", "../../etc/passwd"],
    ["a/./b", "a/./b"],
    ["%F0%9F%8E%89", "\u{1F389}"],
    ["%01", "&#x1;"],
    ["tab%09", "tab\t"],
  ] as const)("keeps the key %s as it is", async ([path, listed]) => {
    expect(outcomeOf(await send(`PUT /drop/keys/${path}`, {}, path))).toBe("200");
    expect((await send(`GET /drop/keys/${path}`)).body).toBe(path);
    const list = await send(`GET /drop?list-type=2&prefix=keys%2F${path.replaceAll("/", "%2F")}`);
    expect(elementOf(list.body, "Key")).toBe(`keys/${listed}`);
  });
});

describe("conditional writes", () => {
  test("If-None-Match: * lets the first one through", async () => {
    const first = { "if-none-match": "*" };
    expect(outcomeOf(await send("PUT /drop/once", first, "one"))).toBe("200");
    expect(outcomeOf(await send("PUT /drop/once", first, "two"))).toBe("412 PreconditionFailed");
    expect((await send("GET /drop/once")).body).toBe("one");
  });

  test("of many at the same moment one gets through", async () => {
    const writes = Array.from({ length: 8 }, (_, number) =>
      send("PUT /drop/race", { "if-none-match": "*" }, String(number)),
    );
    const outcomes = (await Promise.all(writes)).map(outcomeOf);
    expect(outcomes.toSorted()).toEqual(["200", ...Array(7).fill("412 PreconditionFailed")]);
  });

  test("If-Match replaces what the client has seen, and nothing else", async () => {
    const etag = (await send("PUT /drop/seen", {}, "one")).headers.etag ?? "";
    expect(outcomeOf(await send("PUT /drop/seen", { "if-match": etag }, "two"))).toBe("200");
    expect(outcomeOf(await send("PUT /drop/seen", { "if-match": etag }, "three"))).toBe("412 PreconditionFailed");
    expect(outcomeOf(await send("PUT /drop/never", { "if-match": etag }, "three"))).toBe("404 NoSuchKey");
  });
});

import { beforeAll, describe, expect, test } from "vitest";
import { outcomeOf, useSandbox } from "../../support/running-sandbox.ts";

const { send } = useSandbox();
const crc32 = { "x-amz-checksum-crc32": "9K2TMA==" };
let lastModified: string;

beforeAll(async () => {
  const described = {
    "content-type": "text/plain",
    "cache-control": "no-store",
    "x-amz-meta-owner": "me",
    "x-amz-tagging": "a=1",
  };
  expect(outcomeOf(await send("PUT /drop/digits", described, "0123456789"))).toBe("200");
  lastModified = (await send("HEAD /drop/digits")).headers["last-modified"] ?? "";
});

test("gives back the bytes and what was said of them", async () => {
  const answer = await send("GET /drop/digits");
  expect(answer).toMatchObject({ status: 200, body: "0123456789" });
  expect(answer.headers).toMatchObject({
    "content-type": "text/plain",
    "cache-control": "no-store",
    "x-amz-meta-owner": "me",
    "x-amz-tagging-count": "1",
    "accept-ranges": "bytes",
    "content-length": "10",
    etag: '"781e5e245d69b566979b86e28d23f2c7"',
    "x-amz-server-side-encryption": "AES256",
  });
});

test("a HEAD says the same without the bytes", async () => {
  const [get, head] = [await send("GET /drop/digits"), await send("HEAD /drop/digits")];
  const { date, ...rest } = get.headers;
  expect(head.headers).toMatchObject({
    ...rest,
    "x-amz-request-id": expect.any(String),
    "x-amz-id-2": expect.any(String),
  });
  expect(head.body).toBe("");
});

describe("ranges", () => {
  test.for([
    ["bytes=0-0", 206, "0", "bytes 0-0/10"],
    ["bytes=7-", 206, "789", "bytes 7-9/10"],
    ["bytes=-2", 206, "89", "bytes 8-9/10"],
    ["bytes=5-100", 206, "56789", "bytes 5-9/10"],
    ["nonsense", 200, "0123456789", undefined],
  ] as const)("%s", async ([range, status, body, contentRange]) => {
    const answer = await send("GET /drop/digits", { range });
    expect(answer).toMatchObject({ status, body });
    expect(answer.headers["content-range"]).toBe(contentRange);
  });

  test("one behind the end cannot be satisfied", async () => {
    expect(outcomeOf(await send("GET /drop/digits", { range: "bytes=10-" }))).toBe("416 InvalidRange");
  });

  test("a HEAD of a range tells its length", async () => {
    const { status, headers } = await send("HEAD /drop/digits", { range: "bytes=2-4" });
    expect([status, headers["content-length"]]).toEqual([206, "3"]);
  });

  test("the one part of an object that came in one piece is all of it", async () => {
    expect(await send("GET /drop/digits?partNumber=1")).toMatchObject({ status: 206, body: "0123456789" });
    expect(outcomeOf(await send("GET /drop/digits?partNumber=2"))).toBe("416 InvalidPartNumber");
    expect(outcomeOf(await send("GET /drop/digits?partNumber=0"))).toBe("400 InvalidArgument");
  });
});

describe("conditions", () => {
  test("304 has the ETag and no body", async () => {
    const answer = await send("GET /drop/digits", { "if-none-match": '"781e5e245d69b566979b86e28d23f2c7"' });
    expect(answer).toMatchObject({ status: 304, body: "" });
    expect(answer.headers.etag).toBe('"781e5e245d69b566979b86e28d23f2c7"');
  });

  test("304 when nothing changed since", async () => {
    expect((await send("GET /drop/digits", { "if-modified-since": lastModified })).status).toBe(304);
  });

  test("412 when it is another one", async () => {
    expect(outcomeOf(await send("GET /drop/digits", { "if-match": '"x"' }))).toBe("412 PreconditionFailed");
  });
});

describe("checksums", () => {
  test("are told to whoever asks", async () => {
    await send("PUT /drop/sum", { "x-amz-checksum-crc32": "NhCmhg==" }, "hello");
    const asked = await send("GET /drop/sum", { "x-amz-checksum-mode": "ENABLED" });
    expect(asked.headers).toMatchObject({ "x-amz-checksum-crc32": "NhCmhg==", "x-amz-checksum-type": "FULL_OBJECT" });
    expect((await send("GET /drop/sum")).headers).not.toHaveProperty("x-amz-checksum-crc32");
  });

  test("are not told of a part of the bytes, of which they would be wrong", async () => {
    const answer = await send("GET /drop/sum", { "x-amz-checksum-mode": "ENABLED", range: "bytes=0-1" });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("x-amz-checksum"))).toEqual([]);
  });

  test("a wrong one was never stored", async () => {
    expect(outcomeOf(await send("PUT /drop/wrong", crc32, "hello"))).toBe("400 BadDigest");
  });
});

test("a signed URL may say what the answer's headers shall be", async () => {
  const path = "GET /drop/digits?response-content-disposition=attachment&response-content-type=image%2Fpng";
  expect((await send(path)).headers).toMatchObject({
    "content-disposition": "attachment",
    "content-type": "image/png",
  });
});

test("what cannot stand in a header is refused", async () => {
  expect(outcomeOf(await send("GET /drop/digits?response-content-type=a%0D%0Ax%3A%20b"))).toBe("400 InvalidArgument");
});

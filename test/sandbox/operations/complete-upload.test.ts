import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  beginUpload,
  completeUpload,
  MiB,
  type NamedPart,
  sendPart,
  uploadInParts,
} from "../../support/multipart-uploads.ts";
import { elementOf, type Headers, md5Hex, outcomeOf, useSandbox } from "../../support/running-sandbox.ts";

const { send } = useSandbox();

const bodies = ["a".repeat(5 * MiB), "b".repeat(5 * MiB), "end"];
const whole = { "x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": "FULL_OBJECT" };

function crc32Base64(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return bytes.toString("base64");
}

/** An upload of one small part, ready to be completed. */
async function readyUpload(key: string, headers: Headers = {}, body = "hello") {
  const uploadId = await beginUpload(send, key, headers);
  const { headers: answered } = await sendPart(send, key, uploadId, 1, body);
  const part: NamedPart = { partNumber: 1, etag: answered.etag ?? "" };
  return { uploadId, part };
}

describe("a completed upload", () => {
  test("is the parts one after the other, under the ETag of their MD5s", async () => {
    const answer = await uploadInParts(send, "big", bodies);
    const md5s = Buffer.from(bodies.map(md5Hex).join(""), "hex");
    const etag = `${createHash("md5").update(md5s).digest("hex")}-3`;
    expect(elementOf(answer.body, "ETag")).toBe(`&quot;${etag}&quot;`);
    expect(elementOf(answer.body, "Location")).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/drop\/big$/);
    expect(elementOf(answer.body, "ChecksumType")).toBe("FULL_OBJECT");
    expect(elementOf(answer.body, "ChecksumCRC64NVME")).toMatch(/^[A-Za-z0-9+/]{11}=$/);
    const stored = await send("GET /drop/big");
    expect(md5Hex(stored.body)).toBe(md5Hex(bodies.join("")));
    expect(stored.headers.etag).toBe(`"${etag}"`);
  });

  test("can be read across its parts, and part by part", async () => {
    await uploadInParts(send, "big", bodies);
    const edge = { range: `bytes=${5 * MiB - 2}-${5 * MiB + 1}` };
    expect((await send("GET /drop/big", edge)).body).toBe("aabb");
    const last = await send("GET /drop/big?partNumber=3");
    expect(last).toMatchObject({ status: 206, body: "end" });
    expect(last.headers).toMatchObject({
      "x-amz-mp-parts-count": "3",
      "content-range": `bytes ${10 * MiB}-${10 * MiB + 2}/${10 * MiB + 3}`,
    });
  });

  test("has the checksum of its parts' checksums when it was begun so", async () => {
    const answer = await uploadInParts(send, "composite", bodies, { "x-amz-checksum-algorithm": "SHA256" });
    const digests = bodies.map((body) => createHash("sha256").update(body).digest());
    const expected = `${createHash("sha256").update(Buffer.concat(digests)).digest("base64")}-3`;
    expect(elementOf(answer.body, "ChecksumSHA256")).toBe(expected);
    const { headers } = await send("HEAD /drop/composite", { "x-amz-checksum-mode": "ENABLED" });
    expect(headers).toMatchObject({ "x-amz-checksum-sha256": expected, "x-amz-checksum-type": "COMPOSITE" });
  });

  test("may leave out parts that were uploaded", async () => {
    const { uploadId, part } = await readyUpload("subset");
    await sendPart(send, "subset", uploadId, 7, "left out");
    expect(outcomeOf(await completeUpload(send, "subset", uploadId, [part]))).toBe("200");
    expect((await send("GET /drop/subset")).body).toBe("hello");
  });

  test("is answered the same way when the client asks again", async () => {
    const { uploadId, part } = await readyUpload("again");
    const [first, second] = [
      await completeUpload(send, "again", uploadId, [part]),
      await completeUpload(send, "again", uploadId, [part]),
    ];
    expect(second).toMatchObject({ status: 200, body: first.body });
    expect(outcomeOf(await send(`GET /drop/again?uploadId=${uploadId}`))).toBe("404 NoSuchUpload");
  });
});

test.for<[string, Headers, string]>([
  ["the same object", { "x-amz-mp-object-size": "5", "x-amz-checksum-crc32": "NhCmhg==" }, "200"],
  ["another size", { "x-amz-mp-object-size": "6" }, "400 InvalidRequest"],
  ["another checksum", { "x-amz-checksum-crc32": "AAAAAA==" }, "400 BadDigest"],
])("asking again for %s is answered with %s", async ([, headers, outcome]) => {
  const uploadId = await beginUpload(send, "twice", whole);
  const { headers: sent } = await sendPart(send, "twice", uploadId, 1, "hello");
  const parts = [{ partNumber: 1, etag: sent.etag ?? "", further: "<ChecksumCRC32>NhCmhg==</ChecksumCRC32>" }];
  expect(outcomeOf(await completeUpload(send, "twice", uploadId, parts))).toBe("200");
  expect(outcomeOf(await completeUpload(send, "twice", uploadId, parts, headers))).toBe(outcome);
});

describe("the list of parts", () => {
  const good = { partNumber: 1, etag: '"5d41402abc4b2a76b9719d911017c592"' };

  test.for([
    ["nothing", [], "400 MalformedXML"],
    ["a part that was never uploaded", [good, { partNumber: 2, etag: good.etag }], "400 InvalidPart"],
    ["another ETag", [{ ...good, etag: '"00000000000000000000000000000000"' }], "400 InvalidPart"],
    ["another checksum", [{ ...good, further: "<ChecksumCRC32>AAAAAA==</ChecksumCRC32>" }], "400 InvalidPart"],
    ["the wrong order", [{ ...good, partNumber: 2 }, good], "400 InvalidPartOrder"],
    ["a part twice", [good, good], "400 InvalidPartOrder"],
    ["part 0", [{ ...good, partNumber: 0 }], "400 InvalidArgument"],
    ["part 10001", [{ ...good, partNumber: 10_001 }], "400 InvalidArgument"],
  ] as const)("with %s is refused, and the upload goes on", async ([, parts, outcome]) => {
    const { uploadId, part } = await readyUpload("listed");
    expect(outcomeOf(await completeUpload(send, "listed", uploadId, parts))).toBe(outcome);
    expect(outcomeOf(await completeUpload(send, "listed", uploadId, [part]))).toBe("200");
  });

  test("may name ETags without quotation marks, or with them in any form of XML", async () => {
    const bare = await readyUpload("bare");
    const etag = bare.part.etag.replaceAll('"', "");
    expect(outcomeOf(await completeUpload(send, "bare", bare.uploadId, [{ partNumber: 1, etag }]))).toBe("200");
    const escaped = await readyUpload("bare");
    const parts = [{ partNumber: 1, etag: `&quot;${etag}&#34;` }];
    expect(outcomeOf(await completeUpload(send, "bare", escaped.uploadId, parts))).toBe("200");
  });

  test("must name the checksum of each part where they make that of the whole", async () => {
    const uploadId = await beginUpload(send, "unnamed", { "x-amz-checksum-algorithm": "CRC32" });
    const { headers } = await sendPart(send, "unnamed", uploadId, 1, "hello", { "x-amz-checksum-crc32": "NhCmhg==" });
    const answer = await completeUpload(send, "unnamed", uploadId, [{ partNumber: 1, etag: headers.etag ?? "" }]);
    expect(outcomeOf(answer)).toBe("400 InvalidRequest");
    expect(elementOf(answer.body, "Message")).toContain("It was missing for part 1 in the request.");
  });

  test("is refused when it is no document of its kind", async () => {
    const { uploadId } = await readyUpload("document");
    for (const body of ["", "parts", "<Parts/>", "<CompleteMultipartUpload><Part/></CompleteMultipartUpload>"]) {
      expect(outcomeOf(await send(`POST /drop/document?uploadId=${uploadId}`, {}, body))).toBe("400 MalformedXML");
    }
    const long = "x".repeat(2 * MiB + 1);
    expect(outcomeOf(await send(`POST /drop/document?uploadId=${uploadId}`, {}, long))).toBe(
      "400 MaxMessageLengthExceeded",
    );
  });
});

test("every part but the last must have 5 MiB", async () => {
  const answer = await uploadInParts(send, "small", ["a".repeat(5 * MiB), "small", "end"]);
  expect(outcomeOf(answer)).toBe("400 EntityTooSmall");
  expect(elementOf(answer.body, "PartNumber")).toBe("2");
  expect(elementOf(answer.body, "ETag")).toBe(`&quot;${md5Hex("small")}&quot;`);
  expect(elementOf(answer.body, "ProposedSize")).toBe("5");
  expect(elementOf(answer.body, "MinSizeAllowed")).toBe("5242880");
});

describe("what the client knows of the whole", () => {
  const right = crc32Base64("hello");

  test.for([
    ["the right checksum", { "x-amz-checksum-crc32": right, "x-amz-checksum-type": "FULL_OBJECT" }, "200"],
    ["a wrong checksum", { "x-amz-checksum-crc32": crc32Base64("other") }, "400 BadDigest"],
    ["a checksum of another kind", { "x-amz-checksum-crc64nvme": "M3eFcAZSQlc=" }, "400 InvalidRequest"],
    ["another type", { "x-amz-checksum-type": "COMPOSITE" }, "400 BadDigest"],
    ["the checksum as if it were composite", { "x-amz-checksum-crc32": `${right}-1` }, "400 BadDigest"],
    ["the right size", { "x-amz-mp-object-size": "5" }, "200"],
    ["a wrong size", { "x-amz-mp-object-size": "6" }, "400 InvalidRequest"],
    ["a size that is none", { "x-amz-mp-object-size": "five" }, "400 InvalidRequest"],
  ] as const)("%s", async ([, headers, outcome]) => {
    const { uploadId, part } = await readyUpload("known", whole);
    expect(outcomeOf(await completeUpload(send, "known", uploadId, [part], headers))).toBe(outcome);
  });

  test("the checksum that S3 calculated on its own is held against it too", async () => {
    const wrong = { "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=" };
    const { uploadId, part } = await readyUpload("own");
    expect(outcomeOf(await completeUpload(send, "own", uploadId, [part], wrong))).toBe("400 BadDigest");
    const rightOne = { "x-amz-checksum-crc64nvme": "M3eFcAZSQlc=" };
    expect(outcomeOf(await completeUpload(send, "own", uploadId, [part], rightOne))).toBe("200");
  });

  test("a composite checksum may come with or without the number of parts", async () => {
    const digest = createHash("sha256").update("hello").digest();
    const composite = createHash("sha256").update(digest).digest("base64");
    for (const [value, outcome] of [
      [composite, "200"],
      [`${composite}-1`, "200"],
      [`${composite}-2`, "400 BadDigest"],
    ] as const) {
      const uploadId = await beginUpload(send, "sha", { "x-amz-checksum-algorithm": "SHA256" });
      const sent = { "x-amz-checksum-sha256": digest.toString("base64") };
      const { headers } = await sendPart(send, "sha", uploadId, 1, "hello", sent);
      const further = `<ChecksumSHA256>${sent["x-amz-checksum-sha256"]}</ChecksumSHA256>`;
      const parts = [{ partNumber: 1, etag: headers.etag ?? "", further }];
      expect(outcomeOf(await completeUpload(send, "sha", uploadId, parts, { "x-amz-checksum-sha256": value }))).toBe(
        outcome,
      );
    }
  });
});

describe("conditions", () => {
  test("If-None-Match: * does not replace what is there, and leaves the upload open", async () => {
    await send("PUT /drop/there", {}, "there");
    const { uploadId, part } = await readyUpload("there");
    const answer = await completeUpload(send, "there", uploadId, [part], { "if-none-match": "*" });
    expect(outcomeOf(answer)).toBe("412 PreconditionFailed");
    expect((await send("GET /drop/there")).body).toBe("there");
    expect(outcomeOf(await send(`GET /drop/there?uploadId=${uploadId}`))).toBe("200");
  });

  test("If-Match replaces only what the client has seen", async () => {
    const etag = (await send("PUT /drop/seen", {}, "seen")).headers.etag ?? "";
    const { uploadId, part } = await readyUpload("seen");
    expect(outcomeOf(await completeUpload(send, "seen", uploadId, [part], { "if-match": '"x"' }))).toBe(
      "412 PreconditionFailed",
    );
    expect(outcomeOf(await completeUpload(send, "seen", uploadId, [part], { "if-match": etag }))).toBe("200");
  });
});

import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { Caller, Payload } from "../../src/sandbox/caller.ts";
import { checksumOf } from "../../src/sandbox/checksum.ts";
import { type ReceivedRequest, receive } from "../../src/sandbox/received-request.ts";
import {
  type BodyExpectations,
  readVerified,
  storedContentEncoding,
  verifiedBody,
} from "../../src/sandbox/verified-body.ts";
import { permanentKey, refusalOf } from "../support/access-keys.ts";
import { exampleChain, signedChunks, unsignedChunks } from "../support/chunked-bodies.ts";
import { anIncomingRequest } from "../support/received-request.ts";
import { documented, sha256 } from "../support/signed-requests.ts";

const BODY = Buffer.from("123456789");
const UNSIGNED: Payload = { kind: "unsigned" };
const CHUNKS: Payload = { kind: "unsigned-chunks" };

function caller(payload: Payload): Caller {
  return { kind: "signed", via: "header", key: permanentKey, payload, signedAt: documented.now, signedHeaders: [] };
}

function put(headers: Readonly<Record<string, string>>, body: Uint8Array = BODY): ReceivedRequest {
  return anIncomingRequest("PUT /drop/a", { "content-length": `${body.length}`, ...headers }, [body]);
}

async function read(request: ReceivedRequest, payload: Payload, expectations: BodyExpectations = {}) {
  const body = verifiedBody(request, caller(payload), expectations);
  const data = Buffer.concat(await body.stream.toArray());
  return { data, ...body.facts() };
}

test("passes the bytes on and says what they were", async () => {
  expect(await read(put({}), UNSIGNED)).toEqual({
    data: BODY,
    size: 9,
    md5: createHash("md5").update(BODY).digest("hex"),
    sent: undefined,
    checksums: new Map(),
  });
});

test("a checksum in the query protects nothing, as at S3", async () => {
  const request = anIncomingRequest("PUT /drop/a?x-amz-checksum-crc32=AAAAAA%3D%3D", { "content-length": "9" }, [BODY]);
  expect(await read(request, UNSIGNED)).toMatchObject({ size: 9, sent: undefined });
});

test("an empty body is a body", async () => {
  expect(await read(put({}, Buffer.alloc(0)), { kind: "sha256", claimed: sha256("") })).toMatchObject({ size: 0 });
});

test("calculates what it is asked for beside what was sent", async () => {
  const facts = await read(put({ "x-amz-checksum-crc32": "y/Q5Jg==" }), UNSIGNED, { also: ["CRC64NVME", "CRC32"] });
  expect(facts.sent).toEqual({ algorithm: "CRC32", value: "y/Q5Jg==" });
  expect(facts.checksums).toEqual(
    new Map([
      ["CRC64NVME", await checksumOf("CRC64NVME", BODY)],
      ["CRC32", "y/Q5Jg=="],
    ]),
  );
});

describe("accepts", () => {
  test.for(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)("a right %s", async (algorithm) => {
    const value = await checksumOf(algorithm, BODY);
    const facts = await read(put({ [`x-amz-checksum-${algorithm.toLowerCase()}`]: value }), UNSIGNED);
    expect(facts.sent).toEqual({ algorithm, value });
  });

  test.for([
    ["a right Content-MD5", put({ "content-md5": "JfnnlDI7RTiF9RgfG2JNCw==" }), UNSIGNED],
    ["a right x-amz-content-sha256", put({}), { kind: "sha256", claimed: sha256(BODY) }],
    ["one in capitals", put({}), { kind: "sha256", claimed: sha256(BODY).toUpperCase() }],
  ] as const)("%s", async ([, request, payload]) => {
    expect((await read(request, payload)).data).toEqual(BODY);
  });
});

describe("refuses", () => {
  test.for(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)("the %s of no bytes", async (algorithm) => {
    const value = await checksumOf(algorithm, Buffer.alloc(0));
    const request = put({ [`x-amz-checksum-${algorithm.toLowerCase()}`]: value });
    expect(await refusalOf(() => read(request, UNSIGNED))).toMatchObject({
      code: "BadDigest",
      status: 400,
      message: `The ${algorithm} you specified did not match the calculated checksum.`,
    });
  });

  test("a wrong Content-MD5, with what it should have been", async () => {
    const request = put({ "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==" });
    expect(await refusalOf(() => read(request, UNSIGNED))).toMatchObject({
      code: "BadDigest",
      details: { ExpectedDigest: "d41d8cd98f00b204e9800998ecf8427e", CalculatedDigest: "JfnnlDI7RTiF9RgfG2JNCw==" },
    });
  });

  test("another body than the signed one, before it looks at checksums", async () => {
    const request = put({ "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==", "x-amz-checksum-crc32": "AAAAAA==" });
    expect(await refusalOf(() => read(request, { kind: "sha256", claimed: sha256("other") }))).toMatchObject({
      code: "XAmzContentSHA256Mismatch",
      status: 400,
      details: { ClientComputedContentSHA256: sha256("other"), S3ComputedContentSHA256: sha256(BODY) },
    });
  });

  test("a trailer where there are no chunks", async () => {
    const request = put({ "x-amz-trailer": "x-amz-checksum-crc32" });
    expect(await refusalOf(() => verifiedBody(request, caller(UNSIGNED)))).toMatchObject({
      code: "MalformedTrailerError",
    });
  });

  test("a body whose request breaks off", async () => {
    const request = put({});
    const stream = new Readable({ read: () => undefined });
    const body = verifiedBody({ ...request, stream }, caller(UNSIGNED)).stream;
    stream.push("1234");
    const outcome = refusalOf(() => body.toArray());
    await once(body, "readable");
    stream.destroy();
    expect(await outcome).toMatchObject({ code: "IncompleteBody", closeConnection: true });
  });

  test("a body whose request broke off before anybody read it", async () => {
    const request = put({});
    request.stream.destroy();
    expect(await refusalOf(() => read(request, UNSIGNED))).toMatchObject({ code: "IncompleteBody" });
  });
});

describe("lengths", () => {
  const withoutLength = (headers: Readonly<Record<string, string>> = {}) =>
    anIncomingRequest("PUT /drop/a", headers, [BODY]);

  test.for([
    ["none where one is required", withoutLength(), UNSIGNED, "MissingContentLength", 411],
    ["none for chunks", put({}), CHUNKS, "MissingContentLength", 411],
    ["no number for chunks", put({ "x-amz-decoded-content-length": "many" }), CHUNKS, "MissingContentLength", 411],
    ["HTTP's own chunks", withoutLength({ "transfer-encoding": "chunked" }), UNSIGNED, "NotImplemented", 501],
  ] as const)("refuses %s", async ([, request, payload, code, status]) => {
    const error = await refusalOf(() => verifiedBody(request, caller(payload), { lengthRequired: true }));
    expect(error).toMatchObject({ code, status });
  });

  test("a request without any has no body, where none is required", async () => {
    expect((await read(anIncomingRequest("POST /drop/a?uploads"), UNSIGNED)).size).toBe(0);
  });

  test("announces the decoded length, not that of the wire", () => {
    const request = put({ "x-amz-decoded-content-length": "5" });
    expect(verifiedBody(request, caller(CHUNKS)).size).toBe(5);
    expect(verifiedBody(request, caller(UNSIGNED)).size).toBe(9);
  });

  test("refuses what is announced as too big before it reads", async () => {
    expect(await refusalOf(() => verifiedBody(put({}), caller(UNSIGNED), { maxSize: 8 }))).toMatchObject({
      code: "EntityTooLarge",
      details: { ProposedSize: "9", MaxSizeAllowed: "8" },
    });
    expect((await read(put({}), UNSIGNED, { maxSize: 9 })).size).toBe(9);
  });
});

describe("aws-chunked", () => {
  const trailing = { "x-amz-decoded-content-length": "9", "x-amz-trailer": "x-amz-checksum-crc32" };

  test("is taken away, and its trailer verified", async () => {
    const body = unsignedChunks([BODY], ["x-amz-checksum-crc32:y/Q5Jg=="]);
    expect(await read(put(trailing, body), CHUNKS)).toMatchObject({
      data: BODY,
      sent: { algorithm: "CRC32", value: "y/Q5Jg==" },
    });
  });

  test("may be signed", async () => {
    const body = signedChunks([BODY], exampleChain, "x-amz-checksum-crc32:y/Q5Jg==");
    const payload: Payload = { kind: "signed-chunks", trailer: true, chain: exampleChain };
    expect(await read(put(trailing, body), payload)).toMatchObject({ data: BODY, sent: { algorithm: "CRC32" } });
  });

  test.for([
    ["is wrong", "AAAAAA==", "BadDigest", "The CRC32 you specified did not match the calculated checksum."],
    ["is none", "not-base-64", "InvalidRequest", "Value for x-amz-checksum-crc32 trailing header is invalid."],
  ] as const)("is refused when the checksum in its trailer %s", async ([, value, code, message]) => {
    const body = unsignedChunks([BODY], [`x-amz-checksum-crc32:${value}`]);
    expect(await refusalOf(() => read(put(trailing, body), CHUNKS))).toMatchObject({ code, message });
  });

  test("may have its checksum in the header instead", async () => {
    const headers = { "x-amz-decoded-content-length": "9", "x-amz-checksum-crc32": "AAAAAA==" };
    expect(await refusalOf(() => read(put(headers, unsignedChunks([BODY])), CHUNKS))).toMatchObject({
      code: "BadDigest",
    });
  });

  test("refuses a body that ends before its last chunk", async () => {
    const wire = unsignedChunks([BODY]).subarray(0, 5);
    expect(await refusalOf(() => read(put({ "x-amz-decoded-content-length": "9" }, wire), CHUNKS))).toMatchObject({
      code: "IncompleteBody",
    });
  });

  test.for([
    ["aws-chunked", CHUNKS, undefined],
    ["aws-chunked, gzip", CHUNKS, "gzip"],
    ["foo, aws-chunked, bar", CHUNKS, "foo, bar"],
    ["gzip", CHUNKS, "gzip"],
    ["aws-chunked", UNSIGNED, "aws-chunked"],
  ] as const)("is not stored: «%s» becomes %s", ([sent, payload, stored]) => {
    expect(storedContentEncoding(put({ "content-encoding": sent }), caller(payload))).toBe(stored);
  });
});

describe("documents", () => {
  test("are read whole", async () => {
    expect((await readVerified(put({}), caller(UNSIGNED), { maxBytes: 9 })).toString()).toBe("123456789");
  });

  test.for([
    ["that say how long they are", put({})],
    ["that do not", anIncomingRequest("POST /drop?delete", {}, [BODY])],
  ] as const)("may not be too big: those %s", async ([, request]) => {
    expect(await refusalOf(() => readVerified(request, caller(UNSIGNED), { maxBytes: 8 }))).toMatchObject({
      code: "MaxMessageLengthExceeded",
    });
  });

  test("may carry a checksum that is not theirs", async () => {
    const request = put({ "x-amz-checksum-crc32": "AAAAAA==" });
    const limits = { maxBytes: 9, checksumHeaders: false };
    expect(await readVerified(request, caller(UNSIGNED), limits)).toEqual(BODY);
    expect(
      await refusalOf(() => readVerified(put({ "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==" }), caller(UNSIGNED), limits)),
    ).toMatchObject({
      code: "BadDigest",
    });
  });
});

test("facts are not to be had before the end", () => {
  expect(() => verifiedBody(put({}), caller(UNSIGNED)).facts()).toThrow("only after its stream has ended");
});

describe("on a real connection", () => {
  const servers: ReturnType<typeof createServer>[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.closeAllConnections();
  });

  async function serve(answer: (message: IncomingMessage) => Promise<string>): Promise<number> {
    const server = createServer((message, response) => {
      answer(message).then(
        (text) => response.end(text),
        (error: { code?: string }) => response.writeHead(400, { connection: "close" }).end(error.code ?? `${error}`),
      );
    });
    servers.push(server.listen(0, "127.0.0.1").unref());
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  test("a slow reader holds the sender back: little is kept in memory", async () => {
    let resume: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      resume = resolve;
    });
    let buffered = 0;
    const port = await serve(async (message) => {
      const body = verifiedBody(receive(message), caller(UNSIGNED));
      let first = true;
      const slow = new Writable({
        write: (_piece, _encoding, done) => {
          if (!first) return done();
          first = false;
          held.then(() => {
            buffered = body.stream.readableLength + message.readableLength;
            done();
          }, done);
        },
      });
      await pipeline(body.stream, slow);
      return body.facts().md5;
    });
    const data = Buffer.alloc(8 * 1024 * 1024, "x");
    const sending = send({
      port,
      host: "127.0.0.1",
      method: "PUT",
      path: "/drop/a",
      headers: { "content-length": data.length },
    });
    const answered = once(sending, "response");
    let sent = 0;
    while (sent < data.length) {
      const piece = data.subarray(sent, sent + 256 * 1024);
      sent += piece.length;
      if (!sending.write(piece)) break;
    }
    resume();
    sending.end(data.subarray(sent));
    const [response] = (await answered) as [IncomingMessage];
    const text = Buffer.concat(await response.toArray()).toString();
    expect(text).toBe(createHash("md5").update(data).digest("hex"));
    expect(buffered).toBeLessThan(512 * 1024);
  });

  test("a refusal in the middle of the body leaves the connection for the answer", async () => {
    const port = await serve(async (message) => {
      const body = verifiedBody(receive(message), caller(CHUNKS));
      return `${(await body.stream.toArray()).length}`;
    });
    const headers = { "content-length": 1_000_000, "x-amz-decoded-content-length": "999000" };
    const sending = send({ port, host: "127.0.0.1", method: "PUT", path: "/drop/a", headers });
    sending.on("error", () => undefined);
    sending.write("this is no chunk\r\n");
    const [response] = (await once(sending, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(400);
    expect(Buffer.concat(await response.toArray()).toString()).toBe("IncompleteBody");
    sending.destroy();
  });
});

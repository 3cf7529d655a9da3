/** Group C: checksums of single requests, in headers and in the trailers of chunked bodies. */
import { createHash } from "node:crypto";
import { signedChunks, type Trailer, unsignedChunks } from "../chunked.ts";
import { documentedProbe, type Probe, probe } from "../probe.ts";
import { inTurn, type ServerUnderTest } from "../server.ts";
import { encodePath, type SignableRequest, sha256Hex, signWithHeaders } from "../sigv4.ts";
import { type Answer, lineOf } from "../wire.ts";

/** The nine digits for which the catalogues of CRCs print a check value, so that none has to be computed here. */
const digits = "123456789";
const hex = (text: string): string => Buffer.from(text, "hex").toString("base64");
const digest = (algorithm: string, data: string | Buffer): string =>
  createHash(algorithm).update(data).digest("base64");

const checkValues = {
  crc32: hex("cbf43926"),
  crc32c: hex("e3069283"),
  crc64nvme: hex("ae8b14860a799888"),
  sha1: digest("sha1", digits),
  sha256: digest("sha256", digits),
} as const;
type Algorithm = keyof typeof checkValues;
const algorithms = Object.keys(checkValues) as readonly Algorithm[];

const wrongValues: Readonly<Record<Algorithm, string>> = {
  crc32: hex("00000001"),
  crc32c: hex("00000001"),
  crc64nvme: hex("0000000000000001"),
  sha1: digest("sha1", "another"),
  sha256: digest("sha256", "another"),
};

async function put(server: ServerUnderTest, headers: Readonly<Record<string, string>>): Promise<Answer> {
  return server.send({ method: "PUT", path: `/${await server.newBucket()}/a`, headers, body: digits });
}

/** RGW looks at a checksum only when the request names its algorithm as SDKs do; S3 does not need that. */
const named = (algorithm: Algorithm) => ({ "x-amz-sdk-checksum-algorithm": algorithm.toUpperCase() });

const idOf = (start: number, index: number): string => `C${String(start + index).padStart(2, "0")}`;

const stored: readonly Probe[] = algorithms.map((algorithm, index) =>
  probe(
    idOf(1, index),
    `keeps a right ${algorithm} and gives it back when asked`,
    `200, ${checkValues[algorithm]} FULL_OBJECT`,
    async (server) => {
      const path = `/${await server.newBucket()}/a`;
      const name = `x-amz-checksum-${algorithm}`;
      const headers = { ...named(algorithm), [name]: checkValues[algorithm] };
      return inTurn(
        () => server.send({ method: "PUT", path, headers, body: digits }),
        async () => {
          const head = await server.send({ method: "HEAD", path, headers: { "x-amz-checksum-mode": "ENABLED" } });
          return `${head.headers[name]} ${head.headers["x-amz-checksum-type"]}`;
        },
      );
    },
  ),
);

const refused: readonly Probe[] = algorithms.map((algorithm, index) =>
  probe(idOf(6, index), `refuses a body that does not match its ${algorithm}`, "400 BadDigest", async (server) =>
    lineOf(await put(server, { ...named(algorithm), [`x-amz-checksum-${algorithm}`]: wrongValues[algorithm] })),
  ),
);

const headerRules: readonly Probe[] = [
  documentedProbe("C11", "refuses a wrong checksum also without the SDK's header", "400 BadDigest", async (server) =>
    lineOf(await put(server, { "x-amz-checksum-crc32": wrongValues.crc32 })),
  ),
  documentedProbe(
    "C12",
    "refuses a checksum that is not base64 of the right length",
    "400 InvalidRequest",
    async (server) => lineOf(await put(server, { ...named("crc32"), "x-amz-checksum-crc32": "nonsense" })),
  ),
  documentedProbe("C13", "refuses two checksums at once", "400 InvalidRequest", async (server) =>
    lineOf(
      await put(server, { "x-amz-checksum-crc32": checkValues.crc32, "x-amz-checksum-sha256": checkValues.sha256 }),
    ),
  ),
  documentedProbe("C14", "refuses an announced algorithm without its checksum", "400 InvalidRequest", async (server) =>
    lineOf(await put(server, named("crc32"))),
  ),
  probe("C15", "refuses a body that does not match its Content-MD5", "400 BadDigest", async (server) =>
    lineOf(await put(server, { "content-md5": digest("md5", "another") })),
  ),
  probe("C16", "refuses a Content-MD5 that is none", "400 InvalidDigest", async (server) =>
    lineOf(await put(server, { "content-md5": "nonsense" })),
  ),
  probe("C17", "tells no checksum unless asked", "200 undefined", async (server) => {
    const path = `/${await server.newBucket()}/a`;
    const headers = { ...named("crc32"), "x-amz-checksum-crc32": checkValues.crc32 };
    await server.send({ method: "PUT", path, headers, body: digits });
    const head = await server.send({ method: "HEAD", path });
    return `${head.status} ${head.headers["x-amz-checksum-crc32"]}`;
  }),
  documentedProbe(
    "C18",
    "computes CRC64NVME when nobody sent a checksum",
    `${checkValues.crc64nvme}`,
    async (server) => {
      const path = `/${await server.newBucket()}/a`;
      await server.send({ method: "PUT", path, body: digits });
      const head = await server.send({ method: "HEAD", path, headers: { "x-amz-checksum-mode": "ENABLED" } });
      return String(head.headers["x-amz-checksum-crc64nvme"]);
    },
  ),
  probe(
    "C19",
    "refuses another body for a presigned PUT with a signed checksum",
    "400 BadDigest, 200",
    async (server) => {
      const path = `/${await server.newBucket()}/a`;
      const headers = { ...named("sha256"), "x-amz-checksum-sha256": checkValues.sha256 };
      const presigned = server.presign({ method: "PUT", path, headers });
      return inTurn(
        () => server.sendPresigned(presigned, "987654321"),
        () => server.sendPresigned(presigned, digits),
      );
    },
  ),
];

// ── aws-chunked ─────────────────────────────────────────────────────────────────────────────────────────────

interface Chunked {
  readonly payload: string;
  readonly chunks: readonly Buffer[];
  readonly trailer?: Trailer;
  readonly announced?: string;
  readonly decodedLength?: string;
  readonly signed?: boolean;
  readonly spoil?: (body: Buffer) => Buffer;
}

const big = Buffer.alloc(8192, "a");
const tail = Buffer.from(digits);
const bigTail = Buffer.concat([big, tail]);
const crcOfDigits = { name: "x-amz-checksum-crc32", value: checkValues.crc32 };

/** Sends the framed body, and reads it back when it was taken. */
async function putChunked(server: ServerUnderTest, what: Chunked): Promise<string> {
  const path = `/${await server.newBucket()}/a`;
  const scope = server.scope();
  const whole = Buffer.concat(what.chunks);
  const decoded = what.decodedLength ?? String(whole.length);
  const length = frame(what, "0".repeat(64), server, scope).length;
  const request: SignableRequest = {
    method: "PUT",
    path: encodePath(path),
    query: {},
    headers: {
      host: new URL(server.account.endpoint).host,
      "content-encoding": "aws-chunked",
      "content-length": String(length),
      ...(decoded === "" ? {} : { "x-amz-decoded-content-length": decoded }),
      ...(what.announced === undefined ? {} : { ...named("crc32"), "x-amz-trailer": what.announced }),
    },
  };
  const { headers, signature } = signWithHeaders(request, what.payload, server.account, scope);
  const body = frame(what, signature, server, scope);
  const answer = await server.sendExactly("PUT", request.path, headers, what.spoil?.(body) ?? body);
  if (answer.status !== 200) return lineOf(answer);
  const { body: kept, headers: head } = await server.send({ method: "GET", path });
  const same = sha256Hex(kept) === sha256Hex(whole) ? "same bytes" : "OTHER BYTES";
  return `200 ${same}, encoding ${head["content-encoding"] ?? "none"}`;
}

function frame(
  what: Chunked,
  seed: string,
  server: ServerUnderTest,
  scope: ReturnType<ServerUnderTest["scope"]>,
): Buffer {
  if (what.signed === true) return signedChunks(what.chunks, seed, server.account, scope, what.trailer);
  return unsignedChunks(what.chunks, what.trailer);
}

const unsigned = { payload: "STREAMING-UNSIGNED-PAYLOAD-TRAILER", announced: crcOfDigits.name, trailer: crcOfDigits };
const signed = { payload: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", signed: true } as const;
const stays = "200 same bytes, encoding none";

/** Changes one byte of the data of the first chunk. */
function spoilData(body: Buffer): Buffer {
  const spoiled = Buffer.from(body);
  spoiled[body.indexOf("\r\n") + 2] = 0x7a;
  return spoiled;
}

const chunked: readonly Probe[] = [
  probe("C20", "takes unsigned chunks with a right trailer", stays, (server) =>
    putChunked(server, { ...unsigned, chunks: [tail] }),
  ),
  probe("C21", "refuses a trailer that does not match", "400 BadDigest", (server) =>
    putChunked(server, { ...unsigned, chunks: [tail], trailer: { ...crcOfDigits, value: wrongValues.crc32 } }),
  ),
  documentedProbe("C22", "refuses a body without the announced trailer", "400 MalformedTrailerError", (server) => {
    const { payload, announced } = unsigned;
    return putChunked(server, { payload, announced, chunks: [tail] });
  }),
  probe("C23", "takes signed chunks", stays, (server) => putChunked(server, { ...signed, chunks: [big, tail] })),
  probe("C24", "refuses a signed chunk with another byte in it", "403 SignatureDoesNotMatch", (server) =>
    putChunked(server, { ...signed, chunks: [big, tail], spoil: spoilData }),
  ),
  probe("C25", "takes signed chunks with a signed trailer", stays, (server) =>
    putChunked(server, {
      payload: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
      signed: true,
      chunks: [tail],
      announced: crcOfDigits.name,
      trailer: crcOfDigits,
    }),
  ),
  documentedProbe("C26", "refuses a chunk below 8 KiB that is not the last", "403 InvalidChunkSizeError", (server) =>
    putChunked(server, { ...signed, chunks: [tail, big] }),
  ),
  documentedProbe("C27", "wants the length of the decoded body", "411 MissingContentLength", (server) =>
    putChunked(server, { ...signed, chunks: [big, tail], decodedLength: "" }),
  ),
  documentedProbe("C28", "refuses fewer bytes than were announced", "400 IncompleteBody", (server) =>
    putChunked(server, { ...signed, chunks: [big, tail], decodedLength: String(bigTail.length + 1) }),
  ),
];

export const checksumProbes: readonly Probe[] = [...stored, ...refused, ...headerRules, ...chunked];

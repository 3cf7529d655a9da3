import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ChunkedDecoder, type ChunkedEncoding } from "../../src/sandbox/chunked-body.ts";
import { refusalOf } from "../support/access-keys.ts";
import {
  chainFrom,
  chunkSignature,
  exampleChain,
  signedChunks,
  trailerSignature,
  unsignedChunks,
} from "../support/chunked-bodies.ts";

const TERMINATED = "The request body terminated unexpectedly";
const CRC32 = "x-amz-checksum-crc32";

interface Decoded {
  readonly data: Buffer;
  readonly trailer: string | undefined;
}

function decode(wire: Uint8Array | readonly Uint8Array[], encoding: Partial<ChunkedEncoding>): Decoded {
  const decoder = new ChunkedDecoder({ decodedLength: 0, trailer: undefined, signedTrailer: false, ...encoding });
  const pieces = Array.isArray(wire) ? (wire as readonly Uint8Array[]) : [wire as Uint8Array];
  const data = pieces.flatMap((piece) => decoder.decode(Buffer.from(piece)));
  decoder.end();
  return { data: Buffer.concat(data), trailer: decoder.trailer };
}

/** The same bytes in pieces that end at the given places. */
function cut(wire: Buffer, places: readonly number[]): readonly Buffer[] {
  const ends = [...places.map((place) => place % (wire.length + 1)).toSorted((a, b) => a - b), wire.length];
  return ends.map((end, index) => wire.subarray(index === 0 ? 0 : ends[index - 1], end));
}

describe("AWS's examples", () => {
  const pieces = [Buffer.alloc(65_536, "a"), Buffer.alloc(1024, "a")];
  const data = Buffer.concat(pieces);

  test("66,560 bytes in signed chunks", () => {
    const first = "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648";
    const second = "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497";
    const last = "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9";
    const wire = Buffer.from(
      `10000;chunk-signature=${first}\r\n${pieces[0]}\r\n400;chunk-signature=${second}\r\n${pieces[1]}\r\n0;chunk-signature=${last}\r\n\r\n`,
    );
    expect(wire.length).toBe(66_824);
    expect(decode(wire, { decodedLength: 66_560, chain: exampleChain }).data).toEqual(data);
  });

  test("the same with a signed trailer", () => {
    const chain = chainFrom("106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e");
    const wire = Buffer.from(
      [
        `10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n${pieces[0]}\r\n`,
        `400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n${pieces[1]}\r\n`,
        "0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n",
        "x-amz-checksum-crc32c:sOO8/Q==\r\n",
        "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n",
      ].join(""),
    );
    const decoded = decode(wire, {
      decodedLength: 66_560,
      chain,
      trailer: "x-amz-checksum-crc32c",
      signedTrailer: true,
    });
    expect(decoded).toEqual({ data, trailer: "sOO8/Q==" });
  });
});

describe("any split of the wire decodes to the same", () => {
  const anyPieces = fc.array(fc.uint8Array({ minLength: 8192, maxLength: 8300 }), { maxLength: 3 });
  const anyLast = fc.uint8Array({ minLength: 1, maxLength: 200 });
  const anyPlaces = fc.array(fc.nat(40_000), { maxLength: 40 });

  test("without signatures", () => {
    fc.assert(
      fc.property(anyPieces, anyLast, anyPlaces, (pieces, last, places) => {
        const all = [...pieces, last];
        const data = Buffer.concat(all);
        const wire = cut(unsignedChunks(all, [`${CRC32}:AAAAAA==`]), places);
        expect(decode(wire, { decodedLength: data.length, trailer: CRC32 })).toEqual({ data, trailer: "AAAAAA==" });
      }),
      { numRuns: 60 },
    );
  });

  test("with signatures", () => {
    fc.assert(
      fc.property(anyPieces, anyLast, anyPlaces, (pieces, last, places) => {
        const all = [...pieces, last];
        const data = Buffer.concat(all);
        const wire = cut(signedChunks(all, exampleChain, `${CRC32}:AAAAAA==`), places);
        const encoding = { decodedLength: data.length, chain: exampleChain, trailer: CRC32, signedTrailer: true };
        expect(decode(wire, encoding)).toEqual({ data, trailer: "AAAAAA==" });
      }),
      { numRuns: 60 },
    );
  });

  test("byte by byte", () => {
    const wire = signedChunks([Buffer.from("body")], exampleChain);
    const bytes = [...wire].map((byte) => Buffer.from([byte]));
    expect(decode(bytes, { decodedLength: 4, chain: exampleChain }).data.toString()).toBe("body");
  });
});

test("one changed bit anywhere in signed data is found", () => {
  const data = Buffer.alloc(500, "a");
  const wire = signedChunks([data], exampleChain);
  const start = wire.indexOf("aaa");
  fc.assert(
    fc.property(fc.nat(data.length - 1), fc.nat(7), (byte, bit) => {
      const changed = Buffer.from(wire);
      changed[start + byte] = (changed[start + byte] ?? 0) ^ (1 << bit);
      expect(() => decode(changed, { decodedLength: data.length, chain: exampleChain })).toThrow("does not match");
    }),
  );
});

test("whatever bytes come, it decodes or refuses, and never gives back more than was announced", () => {
  const anyLine = fc.constantFrom(
    "4\r\n",
    "body\r\n",
    "0\r\n",
    "\r\n",
    "\n",
    ";",
    "ffffffffffff\r\n",
    "4;x=y\r\n",
    "-1\r\n",
  );
  const anyWire = fc.array(
    fc.oneof(
      anyLine.map((line) => Buffer.from(line)),
      fc.uint8Array({ maxLength: 20 }),
    ),
  );
  fc.assert(
    fc.property(anyWire, (pieces) => {
      try {
        expect(decode(pieces, { decodedLength: 4 }).data).toHaveLength(4);
      } catch (error) {
        expect(error).toMatchObject({ name: "S3Error" });
      }
    }),
    { numRuns: 500 },
  );
});

describe("the framing", () => {
  test.for([
    ["no body at all", ""],
    ["data that is not framed", "body"],
    ["a size that is none", "four\r\nbody\r\n0\r\n\r\n"],
    ["a negative size", "-4\r\nbody\r\n0\r\n\r\n"],
    ["lines without carriage return", "4\nbody\n0\n\n"],
    ["lines without line feed", "4\rbody\r0\r\r"],
    ["data that ends early", "4\r\nbod"],
    ["data that goes on", "4\r\nbodyx\r\n0\r\n\r\n"],
    ["no chunk of zero bytes", "4\r\nbody\r\n"],
    ["half of the last line", "4\r\nbody\r\n0\r\n\r"],
    ["something else than the last line", "4\r\nbody\r\n0\r\nmore: x\r\n\r\n"],
    ["a line that never ends", `${"0".repeat(2000)}`],
  ] as const)("refuses %s", async ([, wire]) => {
    expect(await refusalOf(() => decode(Buffer.from(wire), { decodedLength: 4 }))).toMatchObject({
      code: "IncompleteBody",
      status: 400,
      message: TERMINATED,
    });
  });

  test.for([
    ["fewer bytes than announced", "3\r\nbod\r\n0\r\n\r\n", "3"],
    ["more bytes than announced", "5\r\nbody!\r\n0\r\n\r\n", "5"],
    ["an end in the middle", "2\r\nbo\r\n0\r\n\r\n2\r\ndy\r\n0\r\n\r\n", "2"],
  ] as const)("counts %s", async ([, wire, provided]) => {
    expect(await refusalOf(() => decode(Buffer.from(wire), { decodedLength: 4 }))).toMatchObject({
      code: "IncompleteBody",
      details: { NumberBytesExpected: "4", NumberBytesProvided: provided },
    });
  });

  test.for([
    ["parameters nobody knows", "4;a=b\r\nbody\r\n0\r\n\r\n"],
    ["a space after the size", "4 \r\nbody\r\n0\r\n\r\n"],
    ["leading zeros", "0004\r\nbody\r\n0\r\n\r\n"],
    ["no line at the very end", "4\r\nbody\r\n0\r\n"],
    ["junk behind the end", "4\r\nbody\r\n0\r\n\r\njunk"],
  ] as const)("accepts %s, as S3 does", ([, wire]) => {
    expect(decode(Buffer.from(wire), { decodedLength: 4 }).data.toString()).toBe("body");
  });

  test("only the last chunk may be small; S3 counts the one in which it notices", async () => {
    const small = [Buffer.alloc(1024), Buffer.alloc(4096), Buffer.alloc(3072)];
    for (const wire of [unsignedChunks(small), signedChunks(small, exampleChain)]) {
      const chain = wire.includes("chunk-signature") ? { chain: exampleChain } : {};
      expect(await refusalOf(() => decode(wire, { decodedLength: 8192, ...chain }))).toMatchObject({
        code: "InvalidChunkSizeError",
        status: 403,
        message: "Only the last chunk is allowed to have a size less than 8192 bytes",
        details: { Chunk: "2", BadChunkSize: "1024" },
      });
    }
  });
});

describe("the signatures", () => {
  const seed = exampleChain.seedSignature;
  const first = chunkSignature(seed, Buffer.from("body"));
  const last = chunkSignature(first, new Uint8Array());
  const good = `4;chunk-signature=${first}\r\nbody\r\n0;chunk-signature=${last}\r\n\r\n`;
  const encoding = { decodedLength: 4, chain: exampleChain };

  test("may have spaces around them", () => {
    const spaced = good.replace(`;chunk-signature=${first}`, ` ; chunk-signature = ${first} `);
    expect(decode(Buffer.from(spaced), encoding).data.toString()).toBe("body");
  });

  test.for([
    ["another signature", good.replace(first, "0".repeat(64)), 64],
    ["a signature that is none", good.replace(first, "invalid"), 7],
    ["a wrong last signature", good.replace(last, first), 64],
    ["other data", good.replace("body", "BODY"), 64],
    ["another parameter before", good.replace("4;", "4;extra=1;"), 0],
  ] as const)("do not match: %s", async ([, wire, length]) => {
    const error = await refusalOf(() => decode(Buffer.from(wire), encoding));
    expect(error).toMatchObject({ code: "SignatureDoesNotMatch", status: 403 });
    expect(error.details.StringToSign).toMatch(/^AWS4-HMAC-SHA256-PAYLOAD\n20130524T000000Z\n/);
    expect(error.details.SignatureProvided).toHaveLength(length);
    expect(error.details.CanonicalRequest).toBe("the canonical request");
  });

  test.for([
    ["none", good.replaceAll(/;chunk-signature=[0-9a-f]*/g, "")],
    ["empty ones", good.replaceAll(/chunk-signature=[0-9a-f]*/g, "chunk-signature=")],
    ["something behind them", good.replace(first, `${first};extra=1`)],
  ] as const)("are required: %s", async ([, wire]) => {
    expect(await refusalOf(() => decode(Buffer.from(wire), encoding))).toMatchObject({
      code: "IncompleteBody",
      message: TERMINATED,
    });
  });

  test("chunks cannot change places", async () => {
    const [a, b] = [Buffer.alloc(8192, "a"), Buffer.alloc(8192, "b")];
    const frame = (data: Buffer, signature: string) => `2000;chunk-signature=${signature}\r\n${data}\r\n`;
    const signatureA = chunkSignature(seed, a);
    const signatureB = chunkSignature(signatureA, b);
    const end = `0;chunk-signature=${chunkSignature(signatureB, new Uint8Array())}\r\n\r\n`;
    const swapped = Buffer.from(frame(b, signatureB) + frame(a, signatureA) + end);
    expect(await refusalOf(() => decode(swapped, { ...encoding, decodedLength: 16_384 }))).toMatchObject({
      code: "SignatureDoesNotMatch",
    });
  });
});

describe("the trailer", () => {
  const body = (...lines: readonly string[]) => unsignedChunks([Buffer.from("body")], lines);
  const encoding = { decodedLength: 4, trailer: CRC32 };

  test.for([
    ["a space after the colon", body(`${CRC32}: AAAAAA==`)],
    ["a name in capitals", body("X-Amz-Checksum-CRC32:AAAAAA==")],
    ["the same twice, of which the last counts", body(`${CRC32}:BBBBBB==`, `${CRC32}:AAAAAA==`)],
    ["no empty line behind it", body(`${CRC32}:AAAAAA==`).subarray(0, -2)],
  ] as const)("is read with %s", ([, wire]) => {
    expect(decode(wire, encoding).trailer).toBe("AAAAAA==");
  });

  test.for([
    ["that was announced and not sent", body()],
    ["of another name", body("x-amz-checksum-crc32c:AAAAAA==")],
    ["and one more", body(`${CRC32}:AAAAAA==`, "bonus:trailer")],
    ["behind an empty line", body("", `${CRC32}:AAAAAA==`)],
    ["without a colon", body(CRC32)],
  ] as const)("is refused: one %s", async ([, wire]) => {
    expect(await refusalOf(() => decode(wire, encoding))).toMatchObject({ code: "MalformedTrailerError", status: 400 });
  });

  test.for([
    ["without a line feed", body(`${CRC32}:AAAAAA==`).subarray(0, -3)],
    ["without a carriage return", Buffer.from(`4\r\nbody\r\n0\r\n${CRC32}:AAAAAA==\n\r\n`)],
  ] as const)("is not whole: one %s", async ([, wire]) => {
    expect(await refusalOf(() => decode(wire, encoding))).toMatchObject({
      code: "IncompleteBody",
      message: TERMINATED,
    });
  });

  describe("when it is signed", () => {
    const signedEncoding = { ...encoding, chain: exampleChain, signedTrailer: true };
    const good = signedChunks([Buffer.from("body")], exampleChain, `${CRC32}:AAAAAA==`).toString();

    test.for([
      ["another value", good.replace("AAAAAA==", "BBBBBB==")],
      ["another signature", good.replace(/(x-amz-trailer-signature:).*/, `$1${trailerSignature("0", "")}`)],
    ] as const)("does not match with %s", async ([, wire]) => {
      const error = await refusalOf(() => decode(Buffer.from(wire), signedEncoding));
      expect(error.code).toBe("SignatureDoesNotMatch");
      expect(error.details.StringToSign).toMatch(/^AWS4-HMAC-SHA256-TRAILER\n/);
    });

    test.for([
      ["no signature", Buffer.from(good.replace(/x-amz-trailer-signature:.*\r\n/, "")), signedEncoding],
      [
        "nothing that was signed",
        signedChunks([Buffer.from("body")], exampleChain),
        { ...signedEncoding, trailer: undefined },
      ],
    ] as const)("is not whole with %s", async ([, wire, given]) => {
      expect(await refusalOf(() => decode(wire, given))).toMatchObject({ code: "IncompleteBody", message: TERMINATED });
    });
  });
});

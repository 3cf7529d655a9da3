import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explainDocument, explainForm, explainUrl, type UrlExplanation } from "../../src/signing/explain.ts";
import type { DefectId, Method } from "../../src/signing/url-defects.ts";

const now = new Date("2026-03-04T05:06:07Z");
const signature = "0123456789abcdef".repeat(4);

/** A URL as `s3up presign --file` makes it, with changes; a member that is undefined is left out. */
function urlWith(changes: Readonly<Record<string, string | undefined>> = {}, address = good.address): string {
  const members = Object.entries({ ...good.query, ...changes }).filter(([, value]) => value !== undefined);
  return `${address}?${members.map(([name, value]) => `${name}=${encodeURIComponent(value ?? "")}`).join("&")}`;
}

const good = {
  address: "https://drop.s3.eu-central-1.amazonaws.com/in/photo.jpg",
  query: {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": "AKIAEXAMPLE/20260304/eu-central-1/s3/aws4_request",
    "X-Amz-Date": "20260304T050500Z",
    "X-Amz-Expires": "300",
    "X-Amz-SignedHeaders": "content-length;content-type;host;x-amz-checksum-sha256",
    "X-Amz-Signature": signature,
  } as Readonly<Record<string, string>>,
};

function explain(text: string, method?: Method): UrlExplanation {
  const explanation = explainUrl(text, now, { method });
  if (explanation === undefined) throw new Error("no URL");
  return explanation;
}

test("a good URL: what it is for, how long, and what must be sent", () => {
  expect(explain(urlWith())).toEqual({
    kind: "url",
    place: "",
    target: good.address,
    bucket: "drop",
    key: "in/photo.jpg",
    method: "PUT",
    methodSource: "guessed",
    signatureVersion: 4,
    region: "eu-central-1",
    accessKeyId: "AKIAEXAMPLE",
    temporaryCredentials: false,
    signedAt: new Date("2026-03-04T05:05:00Z"),
    expiresInSeconds: 300,
    expiresAt: new Date("2026-03-04T05:10:00Z"),
    leftSeconds: 233,
    mustSend: [
      { name: "content-length", value: undefined },
      { name: "content-type", value: undefined },
      { name: "x-amz-checksum-sha256", value: undefined },
    ],
    defects: [],
  });
});

describe("what is wrong", () => {
  test.for<[string, string, Method | undefined, readonly DefectId[]]>([
    ["nothing", urlWith(), "PUT", []],
    ["the CRC32 of an empty body", urlWith({ "x-amz-checksum-crc32": "AAAAAA==" }), "PUT", ["empty-body-checksum"]],
    ["a hoisted checksum", urlWith({ "x-amz-checksum-sha256": "abc=" }), "PUT", ["hoisted-checksum"]],
    ["an unsigned type", urlWith({ "X-Amz-SignedHeaders": "content-length;host" }), "PUT", ["unsigned-content-type"]],
    ["an unsigned length", urlWith({ "X-Amz-SignedHeaders": "content-type;host" }), "PUT", ["unsigned-content-length"]],
    [
      "neither signed",
      urlWith({ "X-Amz-SignedHeaders": "host" }),
      undefined,
      ["unsigned-content-type", "unsigned-content-length"],
    ],
    ["neither signed, in a download", urlWith({ "X-Amz-SignedHeaders": "host" }), "GET", []],
    [
      "no type, in a part",
      urlWith({ "X-Amz-SignedHeaders": "content-length;host", partNumber: "1", uploadId: "u" }),
      undefined,
      [],
    ],
    ["Signature V2", `${good.address}?AWSAccessKeyId=AKIA&Expires=1772600900&Signature=x`, "GET", ["signature-v2"]],
    ["no signature", good.address, "GET", ["not-signed"]],
    ["a URL that a shell cut off", `${good.address}?X-Amz-Algorithm=AWS4-HMAC-SHA256`, "GET", ["incomplete-signature"]],
    ["a date that is none", urlWith({ "X-Amz-Date": "today" }), "PUT", ["incomplete-signature"]],
    [
      "an unsigned host",
      urlWith({ "X-Amz-SignedHeaders": "content-length;content-type" }),
      "PUT",
      ["incomplete-signature"],
    ],
    ["expired", urlWith({ "X-Amz-Date": "20260304T050000Z" }), "PUT", ["expired"]],
    ["a date in the future", urlWith({ "X-Amz-Date": "20260304T060000Z" }), "PUT", ["not-yet-valid"]],
    ["a life of 15 minutes", urlWith({ "X-Amz-Expires": "900" }), "PUT", []],
    ["a life over 15 minutes", urlWith({ "X-Amz-Expires": "901" }), "PUT", ["long-life"]],
    ["a life over 7 days", urlWith({ "X-Amz-Expires": "604801" }), "PUT", ["expiry-over-limit"]],
    [
      "a dot segment",
      urlWith({}, "https://drop.s3.eu-central-1.amazonaws.com/in/../photo.jpg"),
      "PUT",
      ["dot-segments"],
    ],
    [
      "an encoded dot segment",
      urlWith({}, "https://drop.s3.eu-central-1.amazonaws.com/in/%2E%2e/photo.jpg"),
      "PUT",
      ["dot-segments"],
    ],
    ["dots in a name", urlWith({}, "https://drop.s3.eu-central-1.amazonaws.com/in/..photo..jpg"), "PUT", []],
    [
      "a variable",
      urlWith({}, "https://drop.s3.eu-central-1.amazonaws.com/in/%24%7Bfilename%7D"),
      "PUT",
      ["filename-variable"],
    ],
    [
      "a dotted bucket host",
      urlWith({}, "https://my.drop.s3.eu-central-1.amazonaws.com/k"),
      "PUT",
      ["dotted-bucket-host"],
    ],
    ["a dotted bucket in the path", urlWith({}, "https://s3.eu-central-1.amazonaws.com/my.drop/k"), "PUT", []],
    ["the global endpoint", urlWith({}, "https://drop.s3.amazonaws.com/k"), "PUT", ["global-endpoint"]],
    ["plain HTTP", urlWith({}, "http://s3.example.com/drop/k"), "PUT", ["plain-http"]],
    ["plain HTTP on this machine", urlWith({}, "http://127.0.0.1:9000/drop/k"), "PUT", []],
  ])("%s", ([, url, method, ids]) => {
    expect(explain(url, method).defects.map(({ id }) => id)).toEqual(ids);
  });
});

describe("bucket and key", () => {
  test.for<[string, string | undefined, string | undefined]>([
    ["https://drop.s3.eu-central-1.amazonaws.com/a/b", "drop", "a/b"],
    ["https://drop.s3.dualstack.eu-central-1.amazonaws.com/a", "drop", "a"],
    ["https://drop.s3-eu-west-1.amazonaws.com/a", "drop", "a"],
    ["https://drop.s3-accelerate.amazonaws.com/a", "drop", "a"],
    ["https://drop.s3.cn-north-1.amazonaws.com.cn/a", "drop", "a"],
    ["https://my.drop.s3.eu-central-1.amazonaws.com/a", "my.drop", "a"],
    ["https://s3.eu-central-1.amazonaws.com/drop/a%20b", "drop", "a b"],
    ["http://127.0.0.1:9000/drop/a//b", "drop", "a//b"],
    ["http://127.0.0.1:9000/drop", "drop", undefined],
    ["http://127.0.0.1:9000", undefined, undefined],
    ["http://127.0.0.1:9000/drop/100%", "drop", "100%"],
  ])("%s", ([address, bucket, key]) => {
    expect(explain(urlWith({}, address))).toMatchObject({ bucket, key });
  });
});

describe("the method", () => {
  const bare = { "X-Amz-SignedHeaders": "host" };
  test.for<[string, Method | undefined]>([
    [urlWith(), "PUT"],
    [urlWith(bare), undefined],
    [urlWith({ ...bare, "x-id": "GetObject" }), "GET"],
    [urlWith({ ...bare, "x-id": "PutObject" }), "PUT"],
    [urlWith({ ...bare, "response-content-type": "text/plain" }), "GET"],
    [urlWith({ ...bare, partNumber: "1", uploadId: "u" }), "PUT"],
    [urlWith({ ...bare, uploadId: "u" }), undefined],
    [urlWith({ "X-Amz-SignedHeaders": "content-type;host;x-amz-mp-object-size", uploadId: "u" }), "POST"],
  ])("%s is %s", ([url, method]) => {
    expect(explain(url).method).toBe(method);
  });

  test("is what the user says", () => {
    expect(explain(urlWith(), "GET")).toMatchObject({ method: "GET", methodSource: "told" });
  });
});

describe("a document", () => {
  test("of a presign endpoint tells values and method", () => {
    const answer = {
      mode: "put",
      uploadUrl: urlWith(),
      method: "PUT",
      headers: { "content-type": "image/jpeg" },
      contentLength: 5,
    };
    expect(explainDocument(answer, now)).toMatchObject([
      {
        method: "PUT",
        methodSource: "told",
        mustSend: [
          { name: "content-length", value: "5" },
          { name: "content-type", value: "image/jpeg" },
          { name: "x-amz-checksum-sha256", value: undefined },
        ],
      },
    ]);
  });

  test("of an upload has one explanation for each request, with its place", () => {
    const request = { method: "PUT", url: urlWith(), headers: {} };
    const manifest = { parts: [request, request], complete: { ...request, method: "POST" }, file: { name: "f" } };
    expect(explainDocument(manifest, now).map(({ place }) => place)).toEqual(["parts[0]", "parts[1]", "complete"]);
  });

  test("without a URL has none", () => {
    expect(explainDocument({ a: [1, null, "https://example.com"] }, now)).toEqual([]);
  });
});

describe("a form", () => {
  const conditions = [{ bucket: "drop" }, { key: "in/a" }, ["content-length-range", 0, 1024]];
  const goodPolicy = { expiration: "2026-03-04T05:11:07Z", conditions };
  const formWith = (changes: object, action = "https://drop.s3.eu-central-1.amazonaws.com/") => {
    const policy = { ...goodPolicy, ...changes };
    return explainForm(action, { key: "in/a", Policy: Buffer.from(JSON.stringify(policy)).toString("base64") }, now);
  };

  test("tells key, sizes and life", () => {
    expect(formWith({})).toMatchObject({
      kind: "form",
      bucket: "drop",
      key: "in/a",
      keyRule: "exact",
      sizes: { least: 0, most: 1024 },
      leftSeconds: 300,
      fields: ["key", "Policy"],
      defects: [],
    });
  });

  test.for<[string, object, readonly DefectId[]]>([
    [
      "the key as an eq condition",
      {
        conditions: [
          ["eq", "$key", "in/a"],
          ["content-length-range", 0, 1],
        ],
      },
      [],
    ],
    [
      "a starts-with key",
      {
        conditions: [
          ["starts-with", "$key", "in/"],
          ["content-length-range", 0, 1],
        ],
      },
      ["starts-with-key"],
    ],
    ["no key", { conditions: [["content-length-range", 0, 1]] }, ["no-key-condition"]],
    ["no length range", { conditions: [{ key: "in/a" }] }, ["no-length-range"]],
    [
      "a variable",
      { conditions: [{ key: ["in/$", "{filename}"].join("") }, ["content-length-range", 0, 1]] },
      ["filename-variable"],
    ],
    ["dot segments", { conditions: [{ key: "in/../a" }, ["content-length-range", 0, 1]] }, ["dot-segments"]],
    [
      "a type that the sender chooses",
      { conditions: [...conditions, ["starts-with", "$Content-Type", ""]] },
      ["unsigned-content-type"],
    ],
    [
      "a family of types, with SVG in it",
      { conditions: [...conditions, ["starts-with", "$Content-Type", "image/"]] },
      ["unsigned-content-type"],
    ],
    ["expired", { expiration: "2026-03-04T05:00:00Z" }, ["expired"]],
    ["a long life", { expiration: "2026-03-04T06:00:00Z" }, ["long-life"]],
    ["no expiry", { expiration: undefined }, ["incomplete-signature"]],
  ])("%s", ([, changes, ids]) => {
    expect(formWith(changes).defects.map(({ id }) => id)).toEqual(ids);
  });

  test("with a variable in its own key field, which the policy lets pass", () => {
    const policy = { ...goodPolicy, conditions: [["starts-with", "$key", "in/"], conditions[2]] };
    const fields = {
      key: ["in/$", "{filename}"].join(""),
      Policy: Buffer.from(JSON.stringify(policy)).toString("base64"),
    };
    const { defects } = explainForm("https://drop.s3.eu-central-1.amazonaws.com/", fields, now);
    expect(defects.map(({ id }) => id)).toEqual(["filename-variable", "starts-with-key"]);
  });

  test.for<[string, string, readonly DefectId[]]>([
    ["to the global endpoint", "https://drop.s3.amazonaws.com/", ["global-endpoint"]],
    ["to a dotted host", "https://my.drop.s3.eu-central-1.amazonaws.com/", ["dotted-bucket-host"]],
    ["in path style", "https://s3.eu-central-1.amazonaws.com/my.drop/", []],
  ])("%s", ([, action, ids]) => {
    expect(formWith({}, action).defects.map(({ id }) => id)).toEqual(ids);
  });

  test("over plain HTTP, and one without a policy", () => {
    expect(formWith({}, "http://s3.example.com/drop").defects).toMatchObject([{ id: "plain-http" }]);
    expect(explainForm("https://s3.example.com/drop", { key: "a" }, now).defects).toMatchObject([{ id: "not-signed" }]);
    expect(explainForm("https://s3.example.com/drop", { Policy: "%%%" }, now).defects).toMatchObject([
      { id: "not-signed" },
    ]);
  });
});

test("no explanation repeats the signature, and none fails, whatever the URL holds", () => {
  const piece = fc.oneof(
    fc.string(),
    fc.webPath(),
    fc.constantFrom("%", "%zz", "?", "&", "=", "X-Amz-Date=", "//", "[::1]"),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = `https://${pieces.join("")}${pieces.join("").includes("?") ? "&" : "?"}X-Amz-Signature=${signature}`;
      expect(JSON.stringify(explainUrl(text, now) ?? {})).not.toContain(signature);
    }),
  );
});

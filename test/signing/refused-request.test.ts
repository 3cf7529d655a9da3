import { describe, expect, test } from "vitest";
import { explainUrl } from "../../src/signing/explain.ts";
import { explainRefusedRequest } from "../../src/signing/refused-request.ts";

const url =
  "https://drop.s3.eu-central-1.amazonaws.com/in/a%20b.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F20260304%2Feu-central-1%2Fs3%2Faws4_request&X-Amz-Date=20260304T050500Z&X-Amz-Expires=300&X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost&X-Amz-Signature=0";
const request = explainUrl(url, new Date("2026-03-04T05:06:07Z"), {
  method: "PUT",
  headers: { "content-type": "text/plain" },
  contentLength: 5,
});

/** S3's canonical request as it was signed, with changes. */
function refusal(changes: {
  readonly method?: string;
  readonly path?: string;
  readonly type?: string;
  readonly length?: string;
}): string {
  const { method = "PUT", path = "/in/a%20b.txt", type = "text/plain", length = "5" } = changes;
  const canonical = [
    method,
    path,
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&amp;X-Amz-Expires=300",
    `content-length:${length}`,
    `content-type:${type}`,
    "host:drop.s3.eu-central-1.amazonaws.com",
    "",
    "content-length;content-type;host",
    "UNSIGNED-PAYLOAD",
  ].join("\n");
  return `<?xml version="1.0"?><Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match.</Message><CanonicalRequest>${canonical}</CanonicalRequest></Error>`;
}

describe("a signature that does not match", () => {
  test.for<[string, Parameters<typeof refusal>[0], readonly string[]]>([
    ["another type", { type: "text/html" }, ['content-type differs: signed "text/plain", S3 received "text/html".']],
    ["no type", { type: "" }, ["content-type was signed but not sent."]],
    ["another length", { length: "6" }, ['content-length differs: signed "5", S3 received "6".']],
    ["another method", { method: "POST" }, ["The method differs: signed for PUT, S3 received POST."]],
    ["another path", { path: "/in/c.txt" }, ["The path differs: signed /in/a%20b.txt, S3 received /in/c.txt."]],
    [
      "two at once",
      { type: "a/b", length: "6" },
      [
        'content-length differs: signed "5", S3 received "6".',
        'content-type differs: signed "text/plain", S3 received "a/b".',
      ],
    ],
  ])("%s", ([, changes, findings]) => {
    expect(explainRefusedRequest(refusal(changes), request)).toMatchObject({ code: "SignatureDoesNotMatch", findings });
  });

  test("with nothing that differs points at what cannot be seen", () => {
    expect(explainRefusedRequest(refusal({}), request).findings).toEqual([
      expect.stringContaining("secret key is wrong"),
    ]);
  });

  test("with a URL alone shows what arrived", () => {
    const bare = explainUrl(url, new Date(0), {});
    expect(explainRefusedRequest(refusal({ type: "text/html" }), bare).findings).toContain(
      'content-type arrived as "text/html"; compare it with what was signed.',
    );
  });

  test("without a canonical request asks for the whole answer", () => {
    const findings = explainRefusedRequest("<Error><Code>SignatureDoesNotMatch</Code></Error>", request).findings;
    expect(findings).toEqual([expect.stringContaining("save the whole body")]);
  });
});

test("headers that were not signed are named", () => {
  const body = "<Error><Code>AccessDenied</Code><HeadersNotSigned>x-amz-acl</HeadersNotSigned></Error>";
  expect(explainRefusedRequest(body, request).findings).toEqual([
    "Sent but not signed: x-amz-acl. Leave it out, or sign it.",
  ]);
});

test("an expired URL is told by S3's clock", () => {
  const body =
    "<Error><Code>AccessDenied</Code><Message>Request has expired</Message><Expires>2026-03-04T05:10:00Z</Expires><ServerTime>2026-03-04T05:11:00Z</ServerTime></Error>";
  expect(explainRefusedRequest(body, request)).toEqual({
    code: "AccessDenied",
    message: "Request has expired",
    findings: ["It expired at 2026-03-04T05:10:00Z; S3's clock said 2026-03-04T05:11:00Z."],
  });
});

test("an answer that is no XML says nothing", () => {
  expect(explainRefusedRequest("<html>", request)).toEqual({ code: undefined, message: undefined, findings: [] });
});

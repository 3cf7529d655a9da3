import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { receiveForm } from "../../src/sandbox/form-upload.ts";
import type { ReceivedRequest } from "../../src/sandbox/received-request.ts";
import { exampleContext, permanentKey, refusalOf, temporaryKey } from "../support/access-keys.ts";
import {
  FILE_NAME,
  type FormToSign,
  formBody,
  formRequest,
  signedFields,
  signedForm,
  withPolicy,
} from "../support/browser-forms.ts";
import { documented } from "../support/signed-requests.ts";

async function upload(request: ReceivedRequest, bucket = "drop") {
  const form = await receiveForm(request, bucket, exampleContext);
  const content = Buffer.concat(await form.file.stream.toArray());
  return { form, content, facts: form.file.facts() };
}

function refusal(request: ReceivedRequest, bucket?: string) {
  return refusalOf(() => upload(request, bucket));
}

test("receives a signed form", async () => {
  const { form, content, facts } = await upload(signedForm({ fields: { "Content-Type": "image/png" } }));
  expect(form).toMatchObject({
    key: "a",
    fileName: "photo.png",
    successStatus: 204,
    successRedirect: undefined,
    caller: { kind: "signed", via: "form", key: permanentKey, signedAt: documented.now },
  });
  expect(form.fields).toEqual(
    new Map([
      ["key", "a"],
      ["content-type", "image/png"],
    ]),
  );
  expect(content.toString()).toBe("content");
  expect(facts.size).toBe(7);
});

test("any split of the wire gives the same file", async () => {
  const file = Buffer.from("line\r\n------a-boundar\r\n--\r\n");
  const wire = formBody([...Object.entries(signedFields()), ["file", file, "a"]]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(wire.length), { maxLength: 20 }), async (places) => {
      const ends = [...places.toSorted((a, b) => a - b), wire.length];
      const pieces = ends.map((end, index) => wire.subarray(index === 0 ? 0 : ends[index - 1], end));
      expect((await upload(formRequest(pieces.filter((piece) => piece.length > 0)))).content).toEqual(file);
    }),
    { numRuns: 60 },
  );
});

describe("the key", () => {
  const startsWith: FormToSign = { conditions: [["starts-with", "$key", "user/"]] };
  test.for([
    ["a name", "photo.png", "user/photo.png"],
    ["a path of Windows", "C:\\\\Users\\\\me\\\\photo.png", "user/photo.png"],
    ["a path of Unix", "../../etc/passwd", "user/passwd"],
    ["a name that looks like a pattern of replacement", "$&$1", "user/$&$1"],
    ["a name beyond ASCII", "Grüße 🙂.txt", "user/Grüße 🙂.txt"],
    ["no name", "", "user/"],
  ] as const)("takes the place of the placeholder from %s", async ([, fileName, key]) => {
    const request = signedForm({ ...startsWith, fields: { key: `user/${FILE_NAME}` } }, ["file", "x", fileName]);
    expect((await upload(request)).form.key).toBe(key);
  });

  test("is judged after the replacement", async () => {
    const request = signedForm({ fields: { key: `user/${FILE_NAME}` } });
    expect(await refusal(request)).toMatchObject({
      code: "AccessDenied",
      message: `Invalid according to Policy: Policy Condition failed: ["eq", "$key", "user/${FILE_NAME}"]`,
    });
  });

  test("cannot be empty", async () => {
    expect(await refusal(signedForm({ fields: { key: FILE_NAME } }, ["file", "x", ""]))).toMatchObject({
      code: "InvalidArgument",
      message: "User key must have a length greater than 0.",
    });
  });
});

describe("what the policy does not allow", () => {
  test("another bucket", async () => {
    expect((await refusal(signedForm(), "other")).message).toContain(
      'Policy Condition failed: ["eq", "$bucket", "drop"]',
    );
  });

  test("a policy that names no bucket", async () => {
    const { policy: _policy, "x-amz-signature": _signature, ...fields } = signedFields();
    const conditions = Object.entries(fields).map(([name, value]) => ({ [name]: value }));
    const form = withPolicy(fields, { expiration: "2013-05-24T01:00:00Z", conditions });
    const request = formRequest(formBody([...Object.entries(form), ["file", "x", "x"]]));
    expect((await refusal(request)).message).toBe("Invalid according to Policy: Extra input fields: bucket");
  });

  test.for([
    ["a field more", { acl: "public-read" }, "Extra input fields: acl"],
    ["another key", { key: "b" }, 'Policy Condition failed: ["eq", "$key", "a"]'],
  ] as const)("%s", async ([, changed, message]) => {
    const request = formRequest(formBody([...Object.entries({ ...signedFields(), ...changed }), ["file", "x", "x"]]));
    expect((await refusal(request)).message).toBe(`Invalid according to Policy: ${message}`);
  });

  test("a form that is too late", async () => {
    expect((await refusal(signedForm({ expiration: "2013-05-23T23:59:59Z" }))).message).toBe(
      "Invalid according to Policy: Policy expired.",
    );
  });
});

describe("the size of the file", () => {
  const between = (bytes: number) =>
    signedForm({ conditions: [["content-length-range", 5, 100_000]] }, ["file", Buffer.alloc(bytes, "x"), "x"]);

  test.for([5, 100_000])("%i bytes are allowed", async (bytes) => {
    expect((await upload(between(bytes))).facts.size).toBe(bytes);
  });

  test("one byte less is too small", async () => {
    expect(await refusal(between(4))).toMatchObject({
      code: "EntityTooSmall",
      status: 400,
      details: { ProposedSize: "4", MinSizeAllowed: "5" },
    });
  });

  test("one byte more is too large", async () => {
    expect(await refusal(between(100_001))).toMatchObject({
      code: "EntityTooLarge",
      details: { MaxSizeAllowed: "100000" },
    });
  });

  test("a file that is too large is refused while it is sent", async () => {
    const head = formBody(
      [...Object.entries(signedFields({ conditions: [["content-length-range", 0, 1000]] })), ["file", "", "x"]],
      false,
    );
    let sent = 0;
    const endless = Readable.from(
      (function* () {
        yield head.subarray(0, -2);
        while (true) {
          sent += 16_384;
          yield Buffer.alloc(16_384, "x");
        }
      })(),
      { objectMode: false },
    );
    const request = { ...formRequest(head, { "content-length": "1000000000000" }), stream: endless };
    expect(await refusal(request)).toMatchObject({ code: "EntityTooLarge" });
    expect(sent).toBeLessThan(1_000_000);
    endless.destroy();
  });
});

describe("the signature", () => {
  const changed = (fields: Readonly<Record<string, string | undefined>>, form: FormToSign = {}) => {
    const all = Object.entries({ ...signedFields(form), ...fields }).filter(([, value]) => value !== undefined);
    return formRequest(formBody([...(all as [string, string][]), ["file", "x", "x"]]));
  };

  test.for([
    ["another secret", signedForm({ signing: { secret: "another" } })],
    ["a changed policy", changed({ policy: Buffer.from("{}").toString("base64") })],
    ["a changed signature", changed({ "x-amz-signature": "0".repeat(64) })],
  ] as const)("does not match with %s", async ([, request]) => {
    const error = await refusal(request);
    expect(error).toMatchObject({ code: "SignatureDoesNotMatch", status: 403 });
    expect(Object.keys(error.details)).toEqual([
      "AWSAccessKeyId",
      "StringToSign",
      "SignatureProvided",
      "StringToSignBytes",
    ]);
  });

  test.for(["key", "policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"])(
    "needs %s",
    async (name) => {
      expect(await refusal(changed({ [name]: undefined }))).toMatchObject({
        code: "InvalidArgument",
        message: `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
        details: { ArgumentName: name },
      });
    },
  );

  test.for([
    ["an unknown key", signedForm({ signing: { accessKeyId: "AKIAOTHER" } }), "InvalidAccessKeyId"],
    ["another algorithm", changed({ "x-amz-algorithm": "AWS4-HMAC-SHA1" }), "InvalidArgument"],
    ["a date that is none", changed({ "x-amz-date": "today" }), "InvalidArgument"],
    ["a credential that is none", changed({ "x-amz-credential": "AKIA" }), "AuthorizationQueryParametersError"],
    [
      "another region",
      signedForm({ signing: { scope: "20130524/eu-west-1/s3/aws4_request" } }),
      "AuthorizationQueryParametersError",
    ],
    ["Version 2", changed({ AWSAccessKeyId: "AKIA", signature: "x" }), "InvalidRequest"],
    [
      "temporary credentials without their token",
      signedForm({ signing: { accessKeyId: temporaryKey.accessKeyId } }),
      "InvalidAccessKeyId",
    ],
  ] as const)("is refused with %s", async ([, request, code]) => {
    expect((await refusal(request)).code).toBe(code);
  });

  test("temporary credentials bring their token", async () => {
    const request = signedForm({
      fields: { "x-amz-security-token": "the-token" },
      signing: { accessKeyId: temporaryKey.accessKeyId },
    });
    expect((await upload(request)).form.caller).toMatchObject({ key: temporaryKey });
  });

  test("a form without any is anonymous", async () => {
    const request = formRequest(
      formBody([
        ["key", "a"],
        ["file", "x", "x"],
      ]),
    );
    expect((await upload(request)).form.caller.kind).toBe("anonymous");
  });
});

describe("checksums", () => {
  test("a right one is verified", async () => {
    const request = signedForm({ fields: { "x-amz-checksum-crc32": "y/Q5Jg==" } }, ["file", "123456789", "x"]);
    expect((await upload(request)).facts.sent).toEqual({ algorithm: "CRC32", value: "y/Q5Jg==" });
  });

  test("a wrong one is refused", async () => {
    expect(await refusal(signedForm({ fields: { "x-amz-checksum-crc32": "AAAAAA==" } }))).toMatchObject({
      code: "BadDigest",
    });
  });
});

describe("what comes after", () => {
  test.for([
    ["200", 200],
    ["201", 201],
    ["204", 204],
    ["302", 204],
  ] as const)("success_action_status %s gives %i", async ([asked, status]) => {
    expect((await upload(signedForm({ fields: { success_action_status: asked } }))).form.successStatus).toBe(status);
  });

  test.for([
    ["https://example.com/done?a=b", "https://example.com/done?a=b"],
    ["nowhere", undefined],
    ["javascript:alert(1)", undefined],
  ] as const)("success_action_redirect %s leads to %s", async ([asked, redirect]) => {
    expect((await upload(signedForm({ fields: { success_action_redirect: asked } }))).form.successRedirect).toBe(
      redirect,
    );
  });

  test("fields behind the file are ignored", async () => {
    const body = formBody([...Object.entries(signedFields()), ["file", "content", "x"], ["acl", "public-read"]]);
    const { form, content } = await upload(formRequest(body));
    expect(form.fields.has("acl")).toBe(false);
    expect(content.toString()).toBe("content");
  });
});

describe("forms that are none", () => {
  const fields = Object.entries(signedFields());

  test("another type of body", async () => {
    expect(await refusal(formRequest(formBody(fields), { "content-type": "text/plain" }))).toMatchObject({
      code: "PreconditionFailed",
      status: 412,
      details: { Condition: "Bucket POST must be of the enclosure-type multipart/form-data" },
    });
  });

  test.for([
    ["no boundary in the header", formRequest(formBody(fields), { "content-type": "multipart/form-data" })],
    ["no boundary at all", formRequest(Buffer.from("content"))],
    ["no end before the file", formRequest(formBody(fields, false).subarray(0, -20))],
    ["no end behind the file", formRequest(formBody([...fields, ["file", "content", "x"]], false))],
    ["a field without a name", formRequest(formBody([["", "x"], ...fields, ["file", "x", "x"]]))],
  ] as const)("%s", async ([, request]) => {
    expect(await refusal(request)).toMatchObject({ code: "MalformedPOSTRequest", status: 400 });
  });

  test.for([
    ["no file", formRequest(formBody(fields)), "0"],
    ["two files", formRequest(formBody([...fields, ["file", "x", "x"], ["file", "y", "y"]])), "2"],
  ] as const)("%s", async ([, request, count]) => {
    expect(await refusal(request)).toMatchObject({
      code: "InvalidArgument",
      message: "POST requires exactly one file upload per request.",
      details: { ArgumentName: "file", ArgumentValue: count },
    });
  });

  test("a field twice", async () => {
    expect(await refusal(formRequest(formBody([...fields, ["Key", "b"], ["file", "x", "x"]])))).toMatchObject({
      code: "InvalidArgument",
      details: { ArgumentName: "Key" },
    });
  });

  test.for([
    ["one field", [["x-ignore-a", "x".repeat(21_000)]]],
    ["many fields", Array.from({ length: 300 }, (_, index) => [`x-ignore-${index}`, "x".repeat(100)])],
  ] as const)("too much before the file: %s", async ([, more]) => {
    const parts = [...fields, ...(more as [string, string][]), ["file", "x", "x"] as const];
    expect(await refusal(formRequest(formBody(parts)))).toMatchObject({
      code: "MaxPostPreDataLengthExceededError",
      details: { MaxPostPreDataLengthBytes: "20480" },
    });
  });

  test("no length", async () => {
    const { headers, ...request } = formRequest(formBody(fields));
    const { "content-length": _length, ...rest } = headers;
    expect(await refusal({ ...request, headers: rest })).toMatchObject({ code: "MissingContentLength", status: 411 });
  });

  test.for([
    ["before the file", 300],
    ["in the file", -40],
  ] as const)("a request that breaks off %s", async ([, end]) => {
    const body = formBody([...fields, ["file", "x".repeat(100), "x"]]);
    const stream = new Readable({ read: () => undefined });
    const outcome = refusal({ ...formRequest(body), stream });
    stream.push(body.subarray(0, end));
    setImmediate(() => stream.destroy());
    expect(await outcome).toMatchObject({ code: "IncompleteBody", closeConnection: true });
  });
});

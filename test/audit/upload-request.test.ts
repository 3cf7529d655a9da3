import { describe, expect, test } from "vitest";
import type { IntentOptions } from "../../src/audit/intent-from.ts";
import { type OtherHeaders, uploadRequests } from "../../src/audit/upload-request.ts";
import { anIntent } from "../support/audit-bucket.ts";
import { goodSigner } from "../support/good-bucket.ts";

const absent = { kind: "absent" };
const any = { kind: "any" };
const value = (text: string) => ({ kind: "values", values: [text] });

function requests(options: IntentOptions, headers: OtherHeaders = "signed", signer: object = { policies: [] }) {
  return uploadRequests({ ...goodSigner, function: {}, ...signer }, anIntent(options), { ageMs: 1000, headers });
}

describe("the requests of an upload", () => {
  test.for([
    ["one by URL", {}, 1, "s3:authtype", value("REST-QUERY-STRING")],
    ["one by form", { mode: "post" }, 1, "s3:authtype", value("POST")],
    ["of the age that is asked about", {}, 1, "s3:signatureage", value("1000")],
    ["by the signer", {}, 1, "aws:principalarn", value(goodSigner.roleArn)],
    ["without headers that nobody signed", {}, 1, "s3:x-amz-acl", absent],
    ["with a condition where it is signed", { signedHeaders: ["If-None-Match"] }, 1, "s3:if-none-match", value("*")],
    ["without it in a form", { mode: "post", signedHeaders: ["if-none-match"] }, 1, "s3:if-none-match", absent],
    ["and a part of it with multipart", { mode: "multipart" }, 2, "s3:objectcreationoperation", value("true")],
  ] as const)("are %s", ([, options, count, key, expected]) => {
    const [first, ...others] = requests(options);
    expect([first?.(key), 1 + others.length]).toEqual([expected, count]);
  });

  test("have parts that no condition fits", () => {
    const [, part] = requests({ mode: "multipart", signedHeaders: ["if-none-match"] });
    expect([part?.("s3:if-none-match"), part?.("s3:objectcreationoperation")]).toEqual([absent, value("false")]);
  });

  test("leave open which headers another's signer signs, and not those of s3up's backend", () => {
    const [others] = requests({}, "any");
    const [own] = requests({}, "any", { function: goodSigner.function });
    expect([others?.("s3:x-amz-acl"), own?.("s3:x-amz-acl")]).toEqual([any, absent]);
  });
});

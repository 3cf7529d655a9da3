import type { Condition } from "./condition.ts";
import { parseNumber } from "./condition-value.ts";
import type { Policy } from "./document.ts";
import { ABSENT_KEY, type Facts, factsFrom, type KeyFact, PRESENT_KEY, valueFact } from "./evaluate.ts";

/** What a set of Deny statements is asked to refuse. */
export type Guard =
  | { readonly kind: "insecureTransport" }
  | { readonly kind: "tlsVersion"; readonly minimum?: "1.2" | "1.3" }
  | { readonly kind: "signatureAge"; readonly maxMs: number }
  | { readonly kind: "oldSignature" }
  /** Uploads that do not ask for encryption, or not for this algorithm. */
  | { readonly kind: "unencrypted"; readonly algorithm?: string }
  /** Uploads with a key of the customer's own (SSE-C). */
  | { readonly kind: "customerKey" }
  /** Uploads that may replace an object. */
  | { readonly kind: "overwrite" };

/** Which requests count: all of the bucket, all on objects, or only uploads. */
export type GuardScope = "bucket" | "objects" | "uploads";

/** One kind of request that must be refused, as a point: between the points of a guard nothing changes. */
export interface BadRequest {
  /** Reads after "a request": `without TLS`. */
  readonly what: string;
  readonly facts: Facts;
}

/** A presigned URL of Signature Version 4 cannot live longer. */
export const LONGEST_SIGNATURE_MS = 604_800_000;

export const DEFAULT_SCOPE = {
  insecureTransport: "bucket",
  tlsVersion: "bucket",
  signatureAge: "uploads",
  oldSignature: "objects",
  unencrypted: "uploads",
  customerKey: "uploads",
  overwrite: "uploads",
} as const satisfies Record<Guard["kind"], GuardScope>;

/** The keys that a guard of this kind is about. */
export const GUARD_KEYS: Readonly<Record<Guard["kind"], readonly string[]>> = {
  insecureTransport: ["aws:securetransport", "s3:tlsversion"],
  tlsVersion: ["s3:tlsversion"],
  signatureAge: ["s3:signatureage"],
  oldSignature: ["s3:signatureversion"],
  unencrypted: ["s3:x-amz-server-side-encryption"],
  customerKey: ["s3:x-amz-server-side-encryption-customer-algorithm"],
  overwrite: ["s3:if-none-match"],
};

export function badRequests(guard: Guard, policy: Policy): readonly BadRequest[] {
  switch (guard.kind) {
    case "insecureTransport":
      return [
        request("without TLS", [
          ["aws:securetransport", valueFact("false")],
          ["s3:tlsversion", ABSENT_KEY],
        ]),
      ];
    case "tlsVersion":
      return ["1.0", "1.1", "1.2"]
        .filter((version) => Number(version) < Number(guard.minimum ?? "1.2"))
        .map((version) =>
          request(`over TLS ${version}`, [
            ["aws:securetransport", valueFact("true")],
            ["s3:tlsversion", valueFact(version)],
          ]),
        );
    case "signatureAge":
      return oldSignatures(guard.maxMs, policy);
    case "oldSignature":
      return [request("signed with Signature Version 2", [...SIGNED, ["s3:signatureversion", valueFact("AWS")]])];
    case "unencrypted":
      return unencrypted(guard.algorithm);
    case "customerKey":
      return [
        request("with a customer's key", [
          ["s3:x-amz-server-side-encryption-customer-algorithm", valueFact("AES256")],
          ["s3:x-amz-server-side-encryption", ABSENT_KEY],
        ]),
      ];
    case "overwrite":
      return overwriting();
  }
}

type KnownKey = readonly [string, KeyFact];

const SIGNED: readonly KnownKey[] = [
  ["aws:principalarn", PRESENT_KEY],
  ["aws:principalaccount", PRESENT_KEY],
  ["aws:userid", PRESENT_KEY],
];

function request(what: string, known: readonly KnownKey[]): BadRequest {
  return { what, facts: factsFrom(new Map(known)) };
}

/** Age exists only under Signature Version 4: under Version 2 it is always 0, which is another guard's business. */
function oldSignatures(maxMs: number, policy: Policy): BadRequest[] {
  const thresholds = policy.statements
    .flatMap(({ conditions }) => conditions.filter(({ keyName }) => keyName === "s3:signatureage"))
    .flatMap(({ values }) => values.flatMap((value) => parseNumber(value) ?? []));
  const ages = [maxMs + 1, LONGEST_SIGNATURE_MS, ...thresholds.flatMap((value) => [value - 1, value, value + 1])];
  const tooOld = [...new Set(ages)].filter((age) => age > maxMs && (age <= LONGEST_SIGNATURE_MS || age === maxMs + 1));
  return tooOld
    .sort((a, b) => a - b)
    .flatMap((age) =>
      ["REST-QUERY-STRING", "POST"].map((authType) =>
        request(`${age} ms after signing (${authType})`, [
          ...SIGNED,
          ["s3:signatureversion", valueFact("AWS4-HMAC-SHA256")],
          ["s3:authtype", valueFact(authType)],
          ["s3:signatureage", valueFact(String(age))],
        ]),
      ),
    );
}

function unencrypted(algorithm: string | undefined): BadRequest[] {
  const key = "s3:x-amz-server-side-encryption";
  const others =
    algorithm === undefined ? [] : ["AES256", "aws:kms", "aws:kms:dsse"].filter((name) => name !== algorithm);
  return [
    request("without a header for encryption", [[key, ABSENT_KEY]]),
    ...others.map((name) => request(`that asks for ${name}`, [[key, valueFact(name)]])),
  ];
}

/** Only the requests that create the object can carry If-None-Match; parts of a multipart upload cannot. */
function overwriting(): BadRequest[] {
  const creating: KnownKey = ["s3:objectcreationoperation", valueFact("true")];
  return [
    request("without If-None-Match", [creating, ["s3:if-none-match", ABSENT_KEY], ["s3:if-match", ABSENT_KEY]]),
    request("with If-Match, which replaces an object", [
      creating,
      ["s3:if-none-match", ABSENT_KEY],
      ["s3:if-match", PRESENT_KEY],
    ]),
  ];
}

/** Whether the condition speaks of the guard's subject at all. */
export function isAbout(guard: Guard, { keyName }: Condition): boolean {
  return GUARD_KEYS[guard.kind].includes(keyName);
}

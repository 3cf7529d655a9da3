#!/usr/bin/env node
/**
 * How fast policies are judged. Prints decisions a second on ordinary policies, and the slowest question on hostile ones of the
 * largest size that S3 accepts. Run it with: npx tsx bench/policy-decisions.mjs
 */
import { foreignAccess } from "../src/policy/cross-account.ts";
import { ABSENT, present } from "../src/policy/decision.ts";
import { MAX_BUCKET_POLICY_BYTES, parsePolicy } from "../src/policy/document.ts";
import { canPerform } from "../src/policy/effective-permission.ts";
import { escalationsOf } from "../src/policy/escalation.ts";
import { excessOf, uploadGrants } from "../src/policy/excess.ts";
import { exposure } from "../src/policy/exposure.ts";
import { guardrail } from "../src/policy/guardrail.ts";
import { lintPolicy } from "../src/policy/lint.ts";
import { lockoutOf } from "../src/policy/lockout.ts";
import { isPublic } from "../src/policy/public.ts";
import { presignedUpload } from "../src/policy/request-facts.ts";
import { bucketArn } from "../src/policy/s3-targets.ts";
import { refusedUploads } from "../src/policy/upload-refusal.ts";

const bucket = bucketArn("drop");
const both = [bucket.arn, `${bucket.arn}/*`];
const role = "arn:aws:iam::111122223333:role/presign";
const GOAL = { decisionsPerSecond: 10_000, slowestMs: 250 };

const guards = [
  { kind: "insecureTransport" },
  { kind: "tlsVersion" },
  { kind: "signatureAge", maxMs: 900_000 },
  { kind: "oldSignature" },
  { kind: "unencrypted" },
  { kind: "customerKey" },
  { kind: "overwrite" },
];

const perSecond = measureOrdinary();
const slowest = measureHostile();
console.log(
  JSON.stringify({ ...perSecond, slowestHostileMs: slowest.ms, slowestHostile: slowest.name, goals: GOAL }, null, 2),
);

function measureOrdinary() {
  const texts = ordinaryPolicies().map((statements) => JSON.stringify(document(statements)));
  const policies = texts.map((text) => parsePolicy(text, "resource"));
  const isPublicAndGuards = rate(policies, (policy) => {
    isPublic(policy);
    for (const guard of guards) guardrail(policy, bucket, guard);
    return guards.length + 1;
  });
  const parse = rate(texts, (text) => {
    parsePolicy(text, "resource");
    return 1;
  });
  const exposures = rate(policies, (policy) => {
    exposure({ bucket, policy: present(policy) });
    return 1;
  });
  console.log(
    `ordinary: ${isPublicAndGuards} decisions/s (isPublic and ${guards.length} guardrails), ${parse} parses/s, ${exposures} exposures/s`,
  );
  return { decisionsPerSecond: isPublicAndGuards, parsesPerSecond: parse, exposuresPerSecond: exposures };
}

function rate(items, decide) {
  for (let warmUp = 0; warmUp < 200; warmUp++) for (const item of items) decide(item);
  const start = process.cpuUsage();
  let decisions = 0;
  while (millisecondsSince(start) < 1000) for (const item of items) decisions += decide(item);
  return Math.round((decisions * 1000) / millisecondsSince(start));
}

function measureHostile() {
  let slowest = { ms: 0, name: "" };
  for (const [name, statements] of Object.entries(hostilePolicies())) {
    const text = JSON.stringify(document(statements));
    if (Math.abs(text.length - MAX_BUCKET_POLICY_BYTES) > 400) throw new Error(`${name} has ${text.length} bytes`);
    let worst = { ms: 0, name: "", answer: "" };
    for (const [question, ask] of Object.entries(questions(text))) {
      const start = process.cpuUsage();
      const answer = ask();
      const ms = millisecondsSince(start);
      if (ms > worst.ms) worst = { ms, name: question, answer };
    }
    console.log(
      `hostile: ${name.padEnd(34)} slowest ${String(worst.ms).padStart(6)} ms  ${worst.name} -> ${worst.answer}`,
    );
    if (worst.ms > slowest.ms) slowest = { ms: worst.ms, name: `${name}: ${worst.name}` };
  }
  return slowest;
}

/** Time of the processor, so that whatever else the machine does is not counted. */
function millisecondsSince(start) {
  const { user, system } = process.cpuUsage(start);
  return Math.round((user + system) / 100) / 10;
}

function questions(text) {
  const policy = parsePolicy(text, "resource");
  const own = parsePolicy(text.replaceAll('"Principal":"*",', ""), "identity");
  const caller = { arn: role, identity: [{ name: "own", document: present(own) }] };
  const bounded = { ...caller, boundary: { name: "boundary", document: present(own) } };
  const facts = { caller: bounded, bucket, bucketPolicy: present(policy) };
  const open = { caller, bucket, bucketPolicy: ABSENT };
  const wanted = uploadGrants(bucket, "uploads/");
  const upload = { mode: "put", signatureAgeMs: 5000 };
  return {
    parse: () => parsePolicy(text, "resource").statements.length,
    isPublic: () => isPublic(policy).isPublic,
    exposure: () => exposure({ bucket, policy: present(policy) }).strangers.answer,
    ...Object.fromEntries(guards.map((guard) => [guard.kind, () => guardrail(policy, bucket, guard).answer])),
    excess: () => excessOf(open, wanted).answer,
    "excess within a boundary": () => excessOf(facts, wanted).answer,
    works: () => canPerform(facts, wanted, presignedUpload(upload)).answer,
    escalations: () => escalationsOf(facts).answer,
    lockout: () => lockoutOf(policy, bucket, "111122223333").answer,
    "cross-account": () => foreignAccess({ bucket, policy: present(policy), account: "111122223333" }).answer,
    refusals: () => refusedUploads(policy, bucket, upload, "uploads/")?.length ?? "unknown",
    lint: () => lintPolicy(policy, bucket).length,
  };
}

function document(statements) {
  return { Version: "2012-10-17", Statement: statements };
}

function allow(changes) {
  return { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `${bucket.arn}/*`, ...changes };
}

function deny(changes) {
  return { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: both, ...changes };
}

function ordinaryPolicies() {
  const tls = deny({ Condition: { Bool: { "aws:SecureTransport": "false" } } });
  const age = deny({ Resource: `${bucket.arn}/*`, Condition: { NumericGreaterThan: { "s3:signatureAge": "600000" } } });
  return [
    [tls],
    [tls, age, deny({ Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } })],
    [allow({ Principal: { AWS: role }, Action: ["s3:PutObject", "s3:AbortMultipartUpload"] }), tls],
    [allow({}), tls],
    [allow({ Condition: { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"] } } }), tls, age],
    [
      allow({ Principal: { Service: "cloudfront.amazonaws.com" } }),
      allow({ Condition: { StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } } }),
      tls,
    ],
  ];
}

/** Each fills S3's limit with one kind of trouble. */
function hostilePolicies() {
  const random = generator(20_480);
  const word = (length, letters = "abc") =>
    Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join("");
  return {
    "one pattern of stars": filled((size) => [
      allow({ Resource: `*${"a*".repeat(size / 2)}` }),
      deny({ Resource: `*${"b*".repeat(20)}` }),
    ]),
    "stars and question marks": filled((size) => [allow({ Resource: `*${"a?*b".repeat(size / 4)}` })]),
    "exponential question marks": filled((size) => [
      deny({ Resource: Array.from({ length: size / 40 }, () => `*${word(1)}${"?".repeat(30)}${word(1)}*`) }),
      allow({ Resource: "*" }),
    ]),
    "many substrings denied": filled((size) => [
      allow({ Resource: "*", Action: "*" }),
      deny({ Resource: Array.from({ length: size / 13 }, () => `*${word(6)}*`) }),
    ]),
    "many small statements": filled((size) =>
      Array.from({ length: size / 120 }, (_, index) =>
        (index % 2 ? allow : deny)({ Resource: `${bucket.arn}/${word(6)}*`, Action: `s3:*${word(2)}*` }),
      ),
    ),
    "negations upon negations": filled((size) =>
      Array.from({ length: size / 130 }, (_, index) => ({
        Effect: index % 2 ? "Allow" : "Deny",
        Principal: "*",
        NotAction: `s3:${word(3)}*`,
        NotResource: `*${word(5)}*${word(3)}`,
      })),
    ),
    "wild actions": filled((size) => [
      allow({ Action: Array.from({ length: size / 22 }, () => `s3:*${word(4, "aeiotc")}?*${word(4, "aeiotc")}*`) }),
      deny({ Action: "s3:*Object*" }),
    ]),
    "a range of ages": filled((size) =>
      Array.from({ length: size / 155 }, (_, index) =>
        deny({ Resource: "*", Condition: { NumericGreaterThan: { "s3:signatureAge": String(900_001 + index) } } }),
      ),
    ),
    "many values": filled((size) => [
      allow({
        Condition: {
          StringLike: { "aws:Referer": Array.from({ length: size / 23 }, () => `*${word(8)}*${word(8)}*`) },
        },
      }),
      deny({ Condition: { StringNotLike: { "aws:UserAgent": "x*" } } }),
    ]),
    "many keys": filled((size) =>
      Array.from({ length: size / 190 }, (_, index) =>
        (index % 2 ? allow : deny)({
          Condition: { StringLike: { [`aws:PrincipalTag/${word(4)}`]: `*${word(3)}*`, "aws:Referer": `*${word(5)}*` } },
        }),
      ),
    ),
    "ranges of addresses": filled((size) => [
      allow({
        Condition: {
          IpAddress: {
            "aws:SourceIp": Array.from({ length: size / 21 }, (_, index) =>
              `${1 + (index % 220)}.${index % 256}.0.0/16`.padEnd(18, " ").trim(),
            ),
          },
        },
      }),
      deny({ Condition: { NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } } }),
    ]),
  };
}

/** Statements just below the limit: the maker is asked for less until it fits, then a Sid fills the rest. */
function filled(make) {
  for (let size = 24_000; size > 1000; size -= 100) {
    const statements = make(size);
    const rest = MAX_BUCKET_POLICY_BYTES - JSON.stringify(document(statements)).length - 10;
    if (rest < 0) continue;
    return [{ ...statements[0], Sid: "x".repeat(rest) }, ...statements.slice(1)];
  }
  throw new Error("does not fit");
}

/** Always the same numbers, so that two runs measure the same policies. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

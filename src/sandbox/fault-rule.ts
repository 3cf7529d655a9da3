/** What can go wrong on demand, and the text form of it that `s3up sandbox --fault` takes. */
import { S3upError } from "../errors.ts";

/** Every kind of fault, with what a client sees. The command's help and its error texts are made from this table. */
export const faultKinds = {
  latency: "the operation starts `milliseconds` later",
  bandwidth: "request and answer bodies pass at `bytesPerSecond`",
  "reset-before": "the connection is reset before the body is read",
  "reset-after": "the connection is reset after `bytes` of the request body",
  stall: "nothing more is read after `bytes` of the request body, and nothing is answered",
  "status-500": "500 InternalError",
  "slow-down": "503 SlowDown",
  expired: "403 AccessDenied, Request has expired",
  "expired-token": "400 ExpiredToken, as for temporary credentials whose time is over",
  skewed: "403 RequestTimeTooSkewed, as for a client whose clock is off",
  moved: "301 PermanentRedirect, which names `region` as the bucket's",
  "moved-for-now": "307 TemporaryRedirect to the same address",
  "error-in-200": "200 with an error document, as a failed CompleteMultipartUpload sends",
  truncated: "the operation is carried out and its answer breaks off",
  "wrong-etag": "the operation is carried out and answered with another ETag",
  html: "an HTML page from a proxy instead of S3's answer",
  "lost-answer": "the operation is carried out and the connection cut before the answer",
  silent: "the operation is carried out and never answered, the connection stays open",
  "stalled-answer": "the operation is carried out and its answer stops half way, the connection stays open",
} as const;

export type FaultKind = keyof typeof faultKinds;

export interface FaultRule {
  readonly kind: FaultKind;
  /** Name of the S3 operation, or `Presign` for the presign endpoint. Left out or `*`: every S3 operation. */
  readonly operation?: string;
  /** Only requests for these part numbers. */
  readonly parts?: readonly number[];
  /** For `reset-after` and `stall`: bytes of the request body that still get through; 0 when left out. */
  readonly bytes?: number;
  /** For `latency`. */
  readonly milliseconds?: number;
  /** For `bandwidth`. */
  readonly bytesPerSecond?: number;
  /** For `moved`: the region that is named. */
  readonly region?: string;
  /** From its first hit on the rule holds for so many milliseconds; left out: until `count` is reached. */
  readonly lasts?: number;
  /** How often it happens. Left out: always for `latency` and `bandwidth`, once for the others. */
  readonly count?: number;
  /** Share of the matching requests that are hit, 0 to 1, drawn from the sandbox's seed; 1 when left out. */
  readonly probability?: number;
  /** The first matching requests that pass unharmed; 0 when left out. */
  readonly after?: number;
}

type Member = Exclude<keyof FaultRule, "kind">;
type MemberReader = (text: string, name: string) => FaultRule[Member];

/** Kinds that say nothing without a number. */
const requiredMember: Partial<Record<FaultKind, Member>> = {
  latency: "milliseconds",
  bandwidth: "bytesPerSecond",
  moved: "region",
};

/**
 * Reads `kind` or `kind:member=value,member=value`, such as `slow-down:operation=UploadPart,count=3,probability=0.5`.
 * Sizes may carry KiB, MiB or GiB, `parts` is written `1+3+5-7`, `count=all` never ends.
 *
 * @param operations names that `operation` may have
 * @throws S3upError USAGE that lists what is known
 */
export function parseFaultRule(text: string, operations: readonly string[]): FaultRule {
  const colon = text.indexOf(":");
  const kind = colon < 0 ? text : text.slice(0, colon);
  if (!isFaultKind(kind)) refuse(text, `there is no fault "${kind}".`, `Known: ${Object.keys(faultKinds).join(", ")}.`);

  const readers = memberReaders(operations);
  const members: Record<string, unknown> = {};
  for (const member of colon < 0 ? [] : text.slice(colon + 1).split(",")) {
    const [name, value] = splitMember(text, member);
    if (!Object.hasOwn(readers, name)) {
      refuse(text, `a fault has no member "${name}".`, `Known: ${Object.keys(readers).join(", ")}.`);
    }
    if (Object.hasOwn(members, name)) refuse(text, `"${name}" is given twice.`, "Give each member once.");
    members[name] = readers[name as Member](value, text);
  }

  const required = requiredMember[kind];
  if (required !== undefined && members[required] === undefined) {
    refuse(
      text,
      `${kind} needs ${required}.`,
      `Write ${kind}:${required}=… with a ${required === "region" ? "region" : "number"}.`,
    );
  }
  return { kind, ...members };
}

export function isFaultKind(text: string): text is FaultKind {
  return Object.hasOwn(faultKinds, text);
}

function memberReaders(operations: readonly string[]): Record<Member, MemberReader> {
  return {
    operation: (text, rule) => {
      if (text === "*" || operations.includes(text)) return text;
      return refuse(rule, `there is no operation "${text}".`, `Known: *, ${operations.join(", ")}.`);
    },
    parts: readParts,
    bytes: readSize,
    milliseconds: readInteger,
    bytesPerSecond: (text, rule) => atLeastOne(readSize(text, rule), text, rule),
    region: readRegion,
    lasts: (text, rule) => atLeastOne(readInteger(text, rule), text, rule),
    count: (text, rule) =>
      text === "all" ? Number.POSITIVE_INFINITY : atLeastOne(readInteger(text, rule), text, rule),
    probability: readShare,
    after: readInteger,
  };
}

function splitMember(rule: string, member: string): readonly [name: string, value: string] {
  const equals = member.indexOf("=");
  if (equals > 0) return [member.slice(0, equals).trim(), member.slice(equals + 1).trim()];
  return refuse(rule, `"${member}" is not member=value.`, "Write kind:member=value,member=value.");
}

function readParts(text: string, rule: string): readonly number[] {
  return text.split("+").flatMap((piece) => {
    const [, from = "", to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(piece) ?? [];
    const first = Number(from);
    const last = Number(to);
    if (first < 1 || last > 10_000 || last < first) {
      return refuse(rule, `"${text}" are no part numbers.`, "Write numbers from 1 to 10000, such as 1+3+5-7.");
    }
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

const unitBytes: Readonly<Record<string, number>> = { "": 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

function readSize(text: string, rule: string): number {
  const [, digits = "", unit = ""] = /^(\d{1,12})(KiB|MiB|GiB)?$/.exec(text) ?? [];
  if (digits !== "") return Number(digits) * (unitBytes[unit] ?? 1);
  return refuse(rule, `"${text}" is no number of bytes.`, "Write a number such as 65536 or 64KiB.");
}

function readRegion(text: string, rule: string): string {
  if (/^[a-z0-9-]{1,32}$/.test(text)) return text;
  return refuse(rule, `"${text}" is no region.`, "Write a name such as eu-central-1.");
}

function readInteger(text: string, rule: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  return refuse(rule, `"${text}" is no whole number.`, "Write digits only, such as 3.");
}

function readShare(text: string, rule: string): number {
  const share = /^\d(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (share <= 1) return share;
  return refuse(rule, `"${text}" is no probability.`, "Write a number from 0 to 1, such as 0.5.");
}

function atLeastOne(value: number, text: string, rule: string): number {
  return value >= 1 ? value : refuse(rule, `"${text}" is too small.`, "Write 1 or more.");
}

function refuse(rule: string, why: string, hint: string): never {
  throw new S3upError("USAGE", `The fault "${rule}" is not understood.`, { why: capitalised(why), hint });
}

function capitalised(sentence: string): string {
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}

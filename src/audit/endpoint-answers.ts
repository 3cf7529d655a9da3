/** Questions to what an endpoint was seen to do, which more than one rule asks. */
import type { EndpointFacts, PreflightAnswer, SignedUpload } from "./endpoint-facts.ts";
import { foreignOrigin } from "./hostile-names.ts";
import type { RuleOutcome, Violation } from "./rule.ts";

/** Host and port, for sentences. */
export function hostOf({ url }: EndpointFacts): string {
  return /^[a-z]+:\/\/([^/?#]*)/i.exec(url)?.[1] ?? url;
}

export const endpointNotNamed: RuleOutcome = {
  status: "not-applicable",
  message: "No presign endpoint was named (--endpoint).",
};

/** Where nobody signed in, nothing was signed, and that is no answer to what would be. */
export function signedNothing(endpoint: EndpointFacts): RuleOutcome {
  const message = `${hostOf(endpoint)} signs only for callers who sign in: name a --token, a --token-command or --auth iam.`;
  return { status: "unknown", message };
}

export function hasSigned(endpoint: EndpointFacts): boolean {
  return endpoint.uploads.length > 0;
}

/** Fails with what was found; else passes with the message. */
export function failsWith(violations: readonly Violation[], otherwise: string): RuleOutcome {
  const [first, ...others] = violations;
  return first === undefined
    ? { status: "pass", message: otherwise }
    : { status: "fail", violations: [first, ...others] };
}

/** How an upload was asked for, as it reads after "the address ". */
export function askedFor({ asked }: SignedUpload): string {
  const words = {
    article: "for a request without a size",
    v1: "for a plain request",
    "long-life": "for a request that wants seven days",
    form: "of the browser form",
  } as const;
  return words[asked];
}

/** The header that lets the page of a stranger read the answer; undefined where there is none. */
export function foreignGrant({ allowOrigin }: PreflightAnswer): string | undefined {
  return allowOrigin === "*" || allowOrigin === foreignOrigin ? allowOrigin : undefined;
}

/** "15 minutes", "90 seconds". */
export function lifeInWords(seconds: number): string {
  const units = [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
  ] as const;
  const unit = units.find(([, size]) => seconds >= size && seconds % size === 0);
  if (unit === undefined) return `${seconds} seconds`;
  const count = seconds / unit[1];
  return `${count} ${unit[0]}${count === 1 ? "" : "s"}`;
}

import { type Policy, type PolicyKind, parsePolicy } from "../../src/policy/document.ts";
import { bucketArn } from "../../src/policy/s3-targets.ts";

export const drop = bucketArn("drop");
export const bothArns = [drop.arn, `${drop.arn}/*`];
export const owner = "111122223333";
export const stranger = "444455556666";
export const signerArn = `arn:aws:iam::${owner}:role/presign`;

/** A statement as JSON has it. */
export type StatementJson = Readonly<Record<string, unknown>>;

/** Lets everyone read every object; each test changes one thing. */
export function allowAll(changes: StatementJson = {}): StatementJson {
  return { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `${drop.arn}/*`, ...changes };
}

/** Refuses everything without TLS, the way AWS writes it. */
export function denyAll(changes: StatementJson = {}): StatementJson {
  return {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: bothArns,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
    ...changes,
  };
}

/** What the role of an uploader needs and no more. */
export function allowUploads(changes: StatementJson = {}): StatementJson {
  return { Effect: "Allow", Action: "s3:PutObject", Resource: `${drop.arn}/uploads/*`, ...changes };
}

/** An element that is undefined is left out, as in JSON. */
export function documentOf(...statements: readonly StatementJson[]) {
  const written = statements.map((statement) =>
    Object.fromEntries(Object.entries(statement).filter(([, value]) => value !== undefined)),
  );
  return { Version: "2012-10-17", Statement: written };
}

export function policyOf(kind: PolicyKind, ...statements: readonly StatementJson[]): Policy {
  return parsePolicy(documentOf(...statements), kind);
}

export function bucketPolicy(...statements: readonly StatementJson[]): Policy {
  return policyOf("resource", ...statements);
}

export function rolePolicy(...statements: readonly StatementJson[]): Policy {
  return policyOf("identity", ...statements);
}

/** A policy variable as policies write it. */
export function variable(name: string): string {
  return ["$", "{", name, "}"].join("");
}

/** The signer's role with all that decides what it may do, as far as a snapshot shows it. */
import type { NamedPolicy } from "../policy/caller.ts";
import { present, type Reading, unreadable } from "../policy/decision.ts";
import type { Policy } from "../policy/document.ts";
import { isForEveryone } from "../policy/guardrail.ts";
import type { PrivilegeFacts } from "../policy/privilege.ts";
import type { Signer } from "./facets.ts";
import { parsedPolicy } from "./parsed-policy.ts";
import { askedBucket } from "./partition.ts";
import type { RuleOutcome } from "./rule.ts";

export interface SignersBucket {
  readonly bucket: string;
  readonly arn: string;
  readonly accountId: string | undefined;
  readonly policy: unknown;
}

/**
 * What the role may do, with all that the bucket policy gives to it. `own`: without what it gives to everyone, which is no fault
 * of the role's and has rules of its own.
 */
export function signerRights(
  { arn, accountId, policy }: SignersBucket,
  signer: Signer,
  extent: "all" | "own" = "all",
): PrivilegeFacts {
  const { roleArn, policies, permissionsBoundary } = signer;
  const identity = policies.map(({ name, document }): NamedPolicy => {
    return { name, document: parsedPolicy(document, "identity") };
  });
  // an absent boundary limits nothing, and one that cannot be understood must not be taken for none
  const limit = asBoundary(parsedPolicy(permissionsBoundary, "identity"));
  return {
    caller: {
      ...(roleArn === undefined ? {} : { arn: roleArn }),
      identity,
      ...(limit.state === "absent" ? {} : { boundary: { name: BOUNDARY, document: limit } }),
    },
    bucket: askedBucket(arn),
    ...(accountId === undefined ? {} : { bucketAccount: accountId }),
    bucketPolicy: extent === "all" ? parsedPolicy(policy) : withoutGrantsToEveryone(parsedPolicy(policy)),
  };
}

function withoutGrantsToEveryone(policy: Reading<Policy>): Reading<Policy> {
  if (policy.state !== "present") return policy;
  const statements = policy.value.statements.filter(
    (statement) => statement.effect === "Deny" || !(isForEveryone(statement) || statement.principals?.negated),
  );
  return present({ ...policy.value, statements });
}

/** Reads after "the permissions boundary", and before what is wrong with it. */
const BOUNDARY = "of the role";

function asBoundary(policy: Reading<Policy>): Reading<Policy> {
  return policy.state === "unreadable" ? unreadable(`the permissions boundary is no policy: ${policy.reason}`) : policy;
}

/** "the role presign", or "the signer's role" where nobody said which it is. */
export function nameOfSigner({ roleArn }: Signer): string {
  const name = roleArn?.split("/").at(-1);
  return name === undefined || name === "" ? "the signer's role" : `the role ${name}`;
}

/** What audits cannot see and what can still forbid. */
export const UNSEEN = "Organization policies and VPC endpoint policies were not looked at.";

export function noSigner(bucket: string): RuleOutcome {
  const message = `Nobody said who signs URLs for ${bucket}: --function NAME or --role ARN names the signer.`;
  return { status: "not-applicable", message };
}

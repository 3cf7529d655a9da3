/** The three answers about a bucket policy: S3's word "public", what a stranger can do now, and what the block masks. */
import { organizationBlock } from "../policy/access-block.ts";
import { ABSENT, present, type Reading } from "../policy/decision.ts";
import { type Exposure, exposure, type PolicyVerdict } from "../policy/exposure.ts";
import { sharedReading } from "../policy/shared-answers.ts";
import { aclGrants } from "./acl-grants.ts";
import { parsedPolicy } from "./parsed-policy.ts";
import { askedBucket } from "./partition.ts";
import { strangerWitness } from "./policy-exposure.ts";
import type { Answer, PolicyAnswers } from "./result.ts";
import type { BucketSnapshot } from "./snapshot.ts";

/** The strangers count the ACL, too, because a Deny of the policy counts against it; the other two are the policy's alone. */
export function policyAnswers({ arn, facets }: BucketSnapshot): PolicyAnswers {
  const policy = facets.policy.state === "present" ? parsedPolicy(facets.policy.value) : facets.policy;
  const status = mapped(facets.policyStatus, ({ IsPublic }) => IsPublic);
  // a text that is there and no policy is not private because AWS, asked at another moment, said so
  const isRiddle = facets.policy.state === "present" && policy.state === "unreadable";
  const believed = isRiddle && status.state === "present" && !status.value ? ABSENT : status;
  const others = {
    policyStatus: believed,
    acl: mapped(facets.acl, aclGrants),
    ownership: facets.ownership,
    blocks: {
      bucket: facets.publicAccessBlock,
      account: facets.accountPublicAccessBlock,
      organization: mapped(facets.organizationPublicAccessBlock, organizationBlock),
    },
  };
  const found = sharedReading(policy, askedBucket(arn), `answers ${JSON.stringify(others)}`, (one, bucket) =>
    exposure({ ...others, bucket, policy: one }),
  );
  return {
    public: publicAnswer(found.public),
    ...(status.state === "present" ? { awsSays: status.value } : {}),
    strangers: strangersOf(found),
    masked: found.masked.policy.answer,
  };
}

/** More witnesses than these help nobody. */
const MOST_WITNESSES = 10;

function strangersOf({ strangers }: Exposure): PolicyAnswers["strangers"] {
  const can = strangers.witnesses.slice(0, MOST_WITNESSES).map(strangerWitness);
  return { answer: strangers.answer, can, reason: strangers.reason };
}

/** Our own reading; AWS's word is shown beside it, and stands in where the policy was not shown. */
function publicAnswer({ ours, answer }: PolicyVerdict): Answer {
  if (ours === undefined) return answer;
  return ours.isPublic ? "yes" : "no";
}

function mapped<A, B>(reading: Reading<A>, change: (value: A) => B): Reading<B> {
  return reading.state === "present" ? present(change(reading.value)) : reading;
}

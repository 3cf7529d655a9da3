/** What a bucket policy opens, asked once for all rules that want to know. */
import { effectiveFlag } from "../policy/access-block.ts";
import { ABSENT, present, type Reading } from "../policy/decision.ts";
import type { Policy } from "../policy/document.ts";
import { type Exposure, exposure } from "../policy/exposure.ts";
import { sharedAnswer } from "../policy/shared-answers.ts";
import type { StrangerWitness } from "../policy/strangers.ts";
import { accessBlocksOf, type BlockFacets } from "./effective-block.ts";
import type { BucketFacets } from "./facets.ts";
import { parsedPolicy } from "./parsed-policy.ts";
import { askedBucket } from "./partition.ts";
import type { Witness } from "./rule.ts";

export interface PolicyFacets extends BlockFacets {
  readonly arn: string;
  readonly policy: unknown;
  readonly policyStatus: BucketFacets["policyStatus"] | undefined;
}

/**
 * The policy alone, without the ACL. `unreadable` for what is no policy, unless AWS itself calls it public: that much is known
 * then, although not who can do what.
 */
export function policyExposure(facets: PolicyFacets): Reading<Exposure> {
  const document = parsedPolicy(facets.policy);
  if (document.state === "unreadable" && facets.policyStatus?.IsPublic !== true) return document;
  if (document.state !== "present") return present(exposureOf(facets, document));

  const { levels } = effectiveFlag(accessBlocksOf(facets), "RestrictPublicBuckets");
  // without an ACL nothing else decides
  const question = ["exposure", facets.policyStatus?.IsPublic, ...levels].join(" ");
  const answer = sharedAnswer(document.value, askedBucket(facets.arn), question, (policy, { arn }) =>
    exposureOf({ ...facets, arn }, present(policy)),
  );
  return present(answer);
}

function exposureOf(facets: PolicyFacets, policy: Reading<Policy>): Exposure {
  const { arn, policyStatus } = facets;
  return exposure({
    bucket: askedBucket(arn),
    policy,
    policyStatus: policyStatus === undefined ? ABSENT : present(policyStatus.IsPublic),
    blocks: accessBlocksOf(facets),
  });
}

export function strangerWitness({ action, resource, who }: StrangerWitness): Witness {
  return { action, resource, principal: who === "anonymous" ? "*" : "any AWS account" };
}

/** Words about what could not be read: which part, why, and the IAM action that would show it. */
import { actionsFor } from "./facet-access.ts";
import type { Facet } from "./facets.ts";
import type { Evidence } from "./result.ts";
import type { BucketSnapshot } from "./snapshot.ts";

const nameOf: Readonly<Record<Facet, string>> = {
  publicAccessBlock: "the bucket's public access block",
  accountPublicAccessBlock: "the account's public access block",
  organizationPublicAccessBlock: "the organization's public access block",
  policy: "the bucket policy",
  policyStatus: "AWS's own verdict on the bucket policy",
  acl: "the bucket's ACL",
  ownership: "the bucket's object ownership",
  cors: "the CORS configuration",
  encryption: "the default encryption",
  versioning: "the versioning state",
  lifecycle: "the lifecycle configuration",
  logging: "the logging configuration",
  website: "the website configuration",
  notification: "the event notifications",
  objectLock: "the Object Lock configuration",
  accessPoints: "the access points",
  signer: "the signer's role and function",
  endpoint: "the presign endpoint",
  change: "what the plan changes",
};

/** One sentence for each facet, without the name of an action where a permission would not help. */
export function unreadSentence(facets: readonly Facet[], snapshot: BucketSnapshot): string {
  return facets.map((facet) => sentenceFor(facet, snapshot)).join(" ");
}

/** One member for each IAM action that is missing, or for each facet that no permission would show. */
export function unreadEvidence(facets: readonly Facet[], snapshot: BucketSnapshot): readonly Evidence[] {
  return facets.flatMap((facet): Evidence[] => {
    const message = sentenceFor(facet, snapshot);
    const actions = missingActions(facet, snapshot);
    return actions.length === 0 ? [{ message }] : actions.map((missingAction) => ({ message, missingAction }));
  });
}

function sentenceFor(facet: Facet, snapshot: BucketSnapshot): string {
  const actions = missingActions(facet, snapshot);
  const cure = actions.length === 0 ? "" : `; it takes ${actions.join(", ")}`;
  const reason = reasonOf(facet, snapshot);
  if (snapshot.planned !== undefined) return `${capitalised(nameOf[facet])} cannot be told from the plan (${reason}).`;
  return `${capitalised(nameOf[facet])} could not be read (${reason})${cure}.`;
}

/** A reason that names actions itself knows better than the table which of them was refused. */
function missingActions(facet: Facet, snapshot: BucketSnapshot): readonly string[] {
  const reason = reasonOf(facet, snapshot);
  if (snapshot.planned !== undefined) return [];
  if (!/denied|forbidden|unauthori[sz]ed|not authori[sz]ed|^403/i.test(reason)) return [];
  const named = reason.match(/\b(?:s3|iam|lambda|apigateway|sts):[A-Za-z]+/g);
  return named === null ? actionsFor(facet) : [...new Set(named)];
}

function reasonOf(facet: Facet, { facets }: BucketSnapshot): string {
  const reading = facets[facet];
  return reading.state === "unreadable" ? reading.reason : "not understood";
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

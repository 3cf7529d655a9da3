import { type AskedAction, findAccess, type Reach, type Target } from "./access.ts";
import { Budget, TOO_COMPLEX, withinBudget } from "./budget.ts";
import { accountOf } from "./caller.ts";
import type { Decision } from "./decision.ts";
import { EVERYTHING } from "./glob.ts";
import { type PrivilegeFacts, type RightsRoute, reachesOf, rightsOf } from "./privilege.ts";
import { requestsOf } from "./request-facts.ts";

/** An action by which a caller can give itself, or anyone, more than it has. */
export interface Escalation {
  readonly action: string;
  readonly resource: string;
  readonly why: string;
}

export interface EscalationVerdict extends Decision {
  readonly escalations: readonly Escalation[];
}

const OWN_RIGHTS = "it can change what it is allowed itself";
const OTHER_ROLES = "it can act as another role";
const OPENS_BUCKET = "it can open the bucket to others";
const RUNS_CODE = "it can run code with the rights of another role";

const ESCALATIONS: readonly (readonly [string, string])[] = [
  ["iam:AttachRolePolicy", OWN_RIGHTS],
  ["iam:AttachUserPolicy", OWN_RIGHTS],
  ["iam:AttachGroupPolicy", OWN_RIGHTS],
  ["iam:PutRolePolicy", OWN_RIGHTS],
  ["iam:PutUserPolicy", OWN_RIGHTS],
  ["iam:PutGroupPolicy", OWN_RIGHTS],
  ["iam:CreatePolicyVersion", OWN_RIGHTS],
  ["iam:SetDefaultPolicyVersion", OWN_RIGHTS],
  ["iam:AddUserToGroup", OWN_RIGHTS],
  ["iam:DeleteRolePermissionsBoundary", OWN_RIGHTS],
  ["iam:PutRolePermissionsBoundary", OWN_RIGHTS],
  ["iam:UpdateAssumeRolePolicy", OTHER_ROLES],
  ["iam:CreateAccessKey", "it can make credentials for other users"],
  ["iam:CreateLoginProfile", "it can make credentials for other users"],
  ["iam:UpdateLoginProfile", "it can make credentials for other users"],
  ["iam:PassRole", "it can hand other roles to services"],
  ["sts:AssumeRole", OTHER_ROLES],
  ["lambda:UpdateFunctionCode", RUNS_CODE],
  ["lambda:CreateFunction", RUNS_CODE],
  ["lambda:AddPermission", "it can let others call functions"],
  ["s3:PutBucketPolicy", OPENS_BUCKET],
  ["s3:DeleteBucketPolicy", "it can remove what the bucket policy denies"],
  ["s3:PutBucketAcl", OPENS_BUCKET],
  ["s3:PutObjectAcl", "it can open objects to others"],
  ["s3:PutBucketPublicAccessBlock", OPENS_BUCKET],
  ["s3:PutAccountPublicAccessBlock", "it can open every bucket of the account"],
  ["s3:PutBucketOwnershipControls", "it can switch ACLs on again"],
  ["s3:PutAccessPointPolicy", OPENS_BUCKET],
  ["s3:PutReplicationConfiguration", "it can have objects copied elsewhere"],
];

/** Harmless for one named role or function, an escalation for a pattern of them. */
const ONLY_BROAD = new Set(["iam:passrole", "sts:assumerole", "lambda:updatefunctioncode"]);

const ANYTHING: Target = { id: "anything", region: { within: [[EVERYTHING]], outside: [] } };

/** Which of the actions that lead to more rights the caller has. */
export function escalationsOf(facts: PrivilegeFacts, budget = new Budget()): EscalationVerdict {
  return withinBudget(
    budget,
    (limit) => decide(facts, limit),
    () => ({ answer: "unknown", reason: `it cannot be told what is allowed: ${TOO_COMPLEX}`, escalations: [] }),
  );
}

function decide(facts: PrivilegeFacts, budget: Budget): EscalationVerdict {
  const request = requestsOf(facts.caller.arn, accountOf(facts.caller.arn));
  const rights = rightsOf(facts, request, { allow: "possible", deny: "certain" }, budget);
  const escalations = ESCALATIONS.flatMap(([action, why]): Escalation[] => {
    const broadOnly = ONLY_BROAD.has(action.toLowerCase());
    const isBucketAction = action.startsWith("s3:");
    const routes = (isBucketAction ? rights.inBucket : rights.elsewhere).map((route) =>
      broadOnly ? broad(route) : route,
    );
    const denies = [...rights.ownDenies, ...(isBucketAction ? rights.bucketDenies : [])].map(({ reach }) => reach);
    const asked: AskedAction = { name: action };
    const question = { routes: routes.map(reachesOf), denies, targetsOf: () => [ANYTHING] };
    const [found] = findAccess([asked], question, budget);
    return found === undefined ? [] : [{ action, resource: found.resource === "" ? "*" : found.resource, why }];
  });
  const [unread] = rights.unreadable;
  if (unread !== undefined) return { answer: "unknown", reason: unread, escalations };
  const [first] = escalations;
  if (first === undefined)
    return { answer: "no", reason: "no action that leads to more rights is allowed", escalations };
  return { answer: "yes", reason: `${first.action} is allowed: ${first.why}`, escalations };
}

function broad(route: RightsRoute): RightsRoute {
  return route.map((layer) => layer.filter(({ reach }) => isBroad(reach)));
}

function isBroad({ resources }: Reach): boolean {
  return resources.kind === "all-but" || resources.language.some(({ kind }) => kind !== "literal");
}

/**
 * Whether S3 would take a text as a bucket policy. Follows "Grammar of the IAM JSON policy language" (IAM User Guide)
 * and what S3 adds for buckets; the sentences are those that S3 is seen to answer with.
 * Not checked: whether a principal exists, and the names of single actions and condition keys.
 */
import { s3Error } from "../s3-error.ts";

/** S3's limit for the document. */
const maxPolicyBytes = 20 * 1024;

type Json = Readonly<Record<string, unknown>>;

const statementMembers = new Set([
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
]);

const principalKinds = new Set(["AWS", "Service", "Federated", "CanonicalUser"]);

const operators =
  /^(?:ForAnyValue:|ForAllValues:)?(?:String(?:Not)?(?:Equals(?:IgnoreCase)?|Like)|Numeric(?:(?:Not)?Equals|(?:Less|Greater)Than(?:Equals)?)|Date(?:(?:Not)?Equals|(?:Less|Greater)Than(?:Equals)?)|Bool|BinaryEquals|(?:Not)?IpAddress|Arn(?:Not)?(?:Equals|Like))(?:IfExists)?$|^Null$/i;

/** @throws S3Error MalformedPolicy */
export function checkPolicy(text: string, bucket: string): void {
  if (Buffer.byteLength(text) > maxPolicyBytes) throw refused("Policy exceeds the maximum allowed document size.");
  if (!text.trimStart().startsWith("{")) throw s3Error("MalformedPolicy");
  const policy = parseJson(text);
  const unknown = Object.keys(policy).find((member) => !["Version", "Id", "Statement"].includes(member));
  if (unknown !== undefined) throw refused(`Unknown field ${unknown}`);
  if (policy.Version !== undefined && policy.Version !== "2012-10-17" && policy.Version !== "2008-10-17") {
    throw refused("The policy must contain a valid version string");
  }
  if (policy.Statement === undefined) throw refused("Missing required field Statement");
  const statements = listOf(policy.Statement);
  if (statements.length === 0) throw refused("Could not parse the policy: Statement is empty!");
  for (const statement of statements) checkStatement(statement, bucket);
}

function parseJson(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (isJson(value)) return value;
  } catch {
    // answered below, like any other text that is no policy
  }
  throw refused("This policy contains invalid Json");
}

function checkStatement(statement: unknown, bucket: string): void {
  if (!isJson(statement)) throw refused("Invalid policy syntax.");
  const unknown = Object.keys(statement).find((member) => !statementMembers.has(member));
  if (unknown !== undefined) throw refused(`Unknown field ${unknown}`);
  checkEffect(statement.Effect);
  checkPrincipal(eitherOf(statement, "Principal"));
  const actions = textsOf(eitherOf(statement, "Action"));
  const resources = textsOf(eitherOf(statement, "Resource"));
  if (!actions.every((action) => action === "*" || /^s3:[A-Za-z*?]+$/i.test(action))) {
    throw refused("Policy has invalid action");
  }
  if (!resources.every((resource) => reaches(resource, bucket))) throw refused("Policy has invalid resource");
  if (statement.Action !== undefined && statement.Resource !== undefined) checkScope(actions, resources);
  if (statement.Condition !== undefined) checkCondition(statement.Condition);
}

function checkEffect(effect: unknown): void {
  if (effect === undefined) throw refused("Missing required field Effect");
  if (effect !== "Allow" && effect !== "Deny") throw refused(`Invalid effect: ${String(effect)}`);
}

/** The member or its negation, and not both. */
function eitherOf(statement: Json, member: "Principal" | "Action" | "Resource"): unknown {
  const plain = statement[member];
  const negated = statement[`Not${member}`];
  if (plain === undefined && negated === undefined) throw refused(`Missing required field ${member}`);
  if (plain !== undefined && negated !== undefined) throw refused("Invalid policy syntax.");
  return plain ?? negated;
}

function checkPrincipal(principal: unknown): void {
  if (principal === "*") return;
  if (!isJson(principal) || Object.keys(principal).length === 0) throw refused("Invalid policy syntax.");
  for (const [kind, names] of Object.entries(principal)) {
    const known = principalKinds.has(kind) && textsOf(names).every((name) => isPrincipal(kind, name));
    if (!known) throw refused("Invalid principal in policy");
  }
}

function isPrincipal(kind: string, name: string): boolean {
  if (name === "*") return true;
  if (kind === "CanonicalUser") return /^[0-9a-f]{64}$/.test(name);
  if (kind === "Service") return /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$|^[a-z0-9-]+\.amazon\.com$/.test(name);
  if (kind === "Federated") return name !== "";
  // an account, an ARN of something in it, or the id that stands for a principal that has been deleted
  return /^(\d{12}|A[A-Z0-9]{15,127}|arn:[a-z-]+:(iam|sts)::\d{12}:(root|[a-z-]+\/[^*?]+))$/.test(name);
}

/** Whether a resource pattern can name the bucket or something in it. */
function reaches(resource: string, bucket: string): boolean {
  if (resource === "*") return true;
  const [, bucketPattern] = /^arn:[a-z*-]+:s3:::([^/]+)(\/.*)?$/.exec(resource) ?? [];
  return bucketPattern !== undefined && globToRegExp(bucketPattern).test(bucket);
}

/** An action on objects needs a resource that can name objects, one on the bucket a resource that can name it. */
function checkScope(actions: readonly string[], resources: readonly string[]): void {
  const namesObjects = resources.some((resource) => resource.includes("/") || resource.endsWith("*"));
  const namesBucket = resources.some((resource) => !resource.includes("/"));
  for (const action of actions.filter((action) => !/[*?]/.test(action))) {
    if (isObjectAction(action) ? namesObjects : namesBucket) continue;
    throw refused("Action does not apply to any resource(s) in statement");
  }
}

function isObjectAction(action: string): boolean {
  if (/BucketObjectLock/i.test(action)) return false;
  return /Object|AbortMultipartUpload|ListMultipartUploadParts|BypassGovernanceRetention|Replicate/i.test(action);
}

function checkCondition(condition: unknown): void {
  if (!isJson(condition)) throw refused("Invalid policy syntax.");
  for (const [operator, tests] of Object.entries(condition)) {
    if (!operators.test(operator)) throw refused(`Invalid Condition type : ${operator}`);
    if (!isJson(tests)) throw refused("Invalid policy syntax.");
    for (const [key, values] of Object.entries(tests)) {
      if (!/^[a-z0-9.-]+:[^\s]+$/i.test(key)) throw refused("Policy has an invalid condition key");
      if (!listOf(values).every((value) => ["string", "number", "boolean"].includes(typeof value))) {
        throw refused("Invalid policy syntax.");
      }
    }
  }
}

function globToRegExp(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`);
}

function textsOf(value: unknown): readonly string[] {
  const texts = listOf(value);
  if (texts.length === 0 || !texts.every((text) => typeof text === "string")) throw refused("Invalid policy syntax.");
  return texts;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refused(message: string): Error {
  return s3Error("MalformedPolicy", {}, { message });
}

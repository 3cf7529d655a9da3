/**
 * Answers about policies that differ in nothing but their bucket's name, each found once: of a hundred buckets made by one module
 * most have one policy. Only a policy that names its bucket by the whole ARN is shared, because a pattern that covers a part of the
 * name may fit one bucket and not the next; and only between names of one length, so that a question costs each the same steps.
 */
import { present, type Reading } from "./decision.ts";
import type { Policy } from "./document.ts";
import type { BucketArn } from "./s3-targets.ts";

/** The policies that are alike, with the one that was asked for all of them. */
interface Likeness {
  readonly policy: Policy;
  readonly bucket: BucketArn;
  readonly answers: Map<string, unknown>;
}

/** So many, and as many of the generation before. */
const MOST_LIKENESSES = 128;

let recent = new Map<string, Likeness>();
let earlier = new Map<string, Likeness>();

/** What was asked of one policy, in its own bucket's name. */
interface Own {
  readonly likeness: Likeness;
  readonly answers: Map<string, unknown>;
}

/** By policy and the bucket it was asked for. */
const owns = new WeakMap<Policy, Map<string, Own>>();

/**
 * The answer of `ask`, which may depend on nothing but the policy, the bucket and what the question says.
 *
 * @param question names what is asked with all that the answer depends on besides
 */
export function sharedAnswer<T>(
  policy: Policy,
  bucket: BucketArn,
  question: string,
  ask: (policy: Policy, bucket: BucketArn) => T,
): T {
  // one that names resources may be about this bucket alone
  if (question.includes("arn:")) return ask(policy, bucket);
  const { likeness, answers } = ownOf(policy, bucket);
  // what is found under the question is what `ask` answered to it
  const known = answers.get(question) as T | undefined;
  if (known !== undefined) return known;
  const shared = (likeness.answers.get(question) as T | undefined) ?? ask(likeness.policy, likeness.bucket);
  likeness.answers.set(question, shared);
  const answer = likeness.bucket.arn === bucket.arn ? shared : (renamed(shared, likeness.bucket.arn, bucket.arn) as T);
  answers.set(question, answer);
  return answer;
}

/** The same of a policy that may not be there, or not be readable: such a one is like no other. */
export function sharedReading<T>(
  policy: Reading<Policy>,
  bucket: BucketArn,
  question: string,
  ask: (policy: Reading<Policy>, bucket: BucketArn) => T,
): T {
  if (policy.state !== "present") return ask(policy, bucket);
  return sharedAnswer(policy.value, bucket, question, (one, asked) => ask(present(one), asked));
}

function ownOf(policy: Policy, bucket: BucketArn): Own {
  const ofPolicy = owns.get(policy) ?? new Map<string, Own>();
  owns.set(policy, ofPolicy);
  const known = ofPolicy.get(bucket.arn) ?? { likeness: likenessOf(policy, bucket), answers: new Map() };
  ofPolicy.set(bucket.arn, known);
  return known;
}

function likenessOf(policy: Policy, bucket: BucketArn): Likeness {
  const own = { policy, bucket, answers: new Map<string, unknown>() };
  const name = nameWithoutBucket(policy, bucket);
  if (name === undefined) return own;
  const shared = recent.get(name) ?? earlier.get(name) ?? own;
  recent.set(name, shared);
  if (recent.size >= MOST_LIKENESSES) {
    earlier = recent;
    recent = new Map();
  }
  return shared;
}

/** The policy as text without the bucket's name; undefined where the name is more than a name in it. */
function nameWithoutBucket(policy: Policy, bucket: BucketArn): string | undefined {
  const { arn } = bucket;
  const name = nameIn(bucket);
  if (!/^[A-Za-z0-9._-]+$/.test(name)) return undefined;
  let times = 0;
  for (const { resources } of policy.statements) {
    for (const pattern of resources?.patterns ?? []) {
      if (pattern === "*") continue;
      if (pattern !== arn && !pattern.startsWith(`${arn}/`)) return undefined;
      times++;
    }
  }
  const parts = JSON.stringify(policy).split(name);
  // JSON has no such character, so that nothing else can stand at the place of the name
  return parts.length === times + 1 ? `${bucket.partition} ${name.length} ${parts.join("\0")}` : undefined;
}

function nameIn({ arn }: BucketArn): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}

/** Answers are plain values; the ARN stands in them whole, as it does in the policy. */
function renamed(value: unknown, from: string, to: string): unknown {
  if (typeof value === "string") return value.includes(from) ? value.replaceAll(from, () => to) : value;
  if (Array.isArray(value)) return value.map((item) => renamed(item, from, to));
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) copy[name] = renamed(member, from, to);
  return copy;
}

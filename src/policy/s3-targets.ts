import type { AskedAction, Target } from "./access.ts";
import { glob, literal, longerThan } from "./glob.ts";
import { RESOURCE_TEMPLATES, S3_ACTIONS } from "./s3-service.ts";

/** The bucket of an ARN such as `arn:aws-cn:s3:::drop`. */
export interface BucketArn {
  readonly arn: string;
  readonly partition: string;
}

export function bucketArn(bucket: string, partition = "aws"): BucketArn {
  return { arn: `arn:${partition}:s3:::${bucket}`, partition };
}

/** One bucket and its objects: all that a bucket policy can speak of. */
export function targetsInBucket(bucketArn: BucketArn): (action: AskedAction) => readonly Target[] {
  const bucket = theBucket(bucketArn);
  const objects = objectsUnder(bucketArn, "");
  const byShape = { none: [], bucket: [bucket], objects: [objects], both: [bucket, objects] };
  return ({ index }) => (index === undefined ? byShape.none : byShape[SHAPES[index] ?? "none"]);
}

type Shape = "none" | "bucket" | "objects" | "both";

const SHAPES: readonly Shape[] = S3_ACTIONS.map(({ resourceTypes }) => {
  const onBucket = resourceTypes.includes("bucket");
  const onObjects = resourceTypes.includes("object");
  return onBucket ? (onObjects ? "both" : "bucket") : onObjects ? "objects" : "none";
});

export function theBucket({ arn }: BucketArn): Target {
  return { id: "bucket", region: { within: [[literal(arn)]], outside: [] } };
}

/** The objects whose keys begin with the prefix; a key has at least one character more. */
export function objectsUnder({ arn }: BucketArn, prefix: string): Target {
  return { id: "objects", region: { within: [[longerThan(`${arn}/${prefix}`)]], outside: [] } };
}

/** Where access points, jobs and the like are; buckets and objects have neither in their ARNs. */
export interface Place {
  readonly region: string;
  readonly account: string;
}

const USUAL_PLACE: Place = { region: "us-east-1", account: "111122223333" };
const MOST_PLACES = 8;

/**
 * The places that resource patterns name, and one for the patterns that leave them open. A wildcard for region or account would
 * run across colons and find ARNs that cannot be, so each place is asked about by itself.
 */
export function placesIn(patterns: readonly string[]): readonly Place[] {
  const places = new Map([[`${USUAL_PLACE.region}:${USUAL_PLACE.account}`, USUAL_PLACE]]);
  for (const pattern of patterns) {
    const [, , , region = "", account = ""] = pattern.split(":", 5);
    const place = { region: fixedOr(region, USUAL_PLACE.region), account: fixedOr(account, USUAL_PLACE.account) };
    if (places.size < MOST_PLACES) places.set(`${place.region}:${place.account}`, place);
  }
  return [...places.values()];
}

function fixedOr(text: string, otherwise: string): string {
  return /^[a-z0-9-]+$/.test(text) ? text : otherwise;
}

/** Every ARN that an action of S3 can be about, whatever the bucket. */
export function targetsAnywhere(
  partition: string,
  places: readonly Place[],
): (action: AskedAction) => readonly Target[] {
  const name = [partition, ...places.map(({ region, account }) => `${region}:${account}`)].join(" ");
  const known = latest?.name === name ? latest.targetsOf : allTargets(partition, places);
  latest = { name, targetsOf: known };
  return known;
}

type TargetsOf = (action: AskedAction) => readonly Target[];

/** Policy after policy speaks of the same places. */
let latest: { readonly name: string; readonly targetsOf: TargetsOf } | undefined;

function allTargets(partition: string, places: readonly Place[]): TargetsOf {
  const targets = new Map([...RESOURCE_TEMPLATES.keys()].map((type) => [type, targetsOfType(type, partition, places)]));
  const account: Target = {
    id: "account",
    region: { within: [[literal(`arn:${partition}:s3:::*`)]], outside: [] },
    shown: "*",
  };
  const ofTypes = (types: readonly string[]): readonly Target[] =>
    types.length === 0 ? [account] : types.flatMap((type) => targets.get(type) ?? []);
  const ofActions = S3_ACTIONS.map(({ resourceTypes }) => ofTypes(resourceTypes));
  return ({ index }) => (index === undefined ? undefined : ofActions[index]) ?? [account];
}

function targetsOfType(type: string, partition: string, places: readonly Place[]): readonly Target[] {
  if (type === "bucket") return [bucketsAnywhere(partition)];
  if (type === "object") return [objectsAnywhere(partition)];
  return places.map((place) => targetAt(type, partition, place));
}

/** Names of buckets have three characters or more and no slash. */
function bucketsAnywhere(partition: string): Target {
  const all = `arn:${partition}:s3:::`;
  return { id: "bucket", region: { within: [[glob(`${all}???*`)]], outside: [[glob(`${all}*/*`)]] } };
}

function objectsAnywhere(partition: string): Target {
  const all = `arn:${partition}:s3:::`;
  const tooShort = ["/*", "?/*", "??/*"].map((rest) => glob(all + rest));
  return { id: "object", region: { within: [[glob(`${all}???*/?*`)]], outside: [tooShort] } };
}

function targetAt(type: string, partition: string, { region, account }: Place): Target {
  const known: Readonly<Record<string, string>> = { Partition: partition, Region: region, Account: account };
  const template = RESOURCE_TEMPLATES.get(type) ?? "";
  const pattern = template.replace(/\$\{([^}]*)\}/g, (_, name: string) => known[name] ?? "?*");
  return { id: `${type} ${region} ${account}`, region: { within: [[glob(pattern)]], outside: [] } };
}

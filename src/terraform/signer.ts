/** Which function of the plan signs for a bucket, and what it and its role may do. */
import type { BucketFacets } from "../audit/facets.ts";
import { isWhole, UNKNOWN } from "../audit/outline.ts";
import type { PlannedPart, Reading } from "../audit/snapshot.ts";
import { S3upError } from "../errors.ts";
import { readingFrom } from "./facet-reading.ts";
import { functionFacts, names } from "./function-facts.ts";
import { isObject, memberOf, textOf } from "./json-value.ts";
import { blockOf, blocksOf, partOf } from "./outline-parts.ts";
import { scopeOf, targetsOf } from "./references.ts";
import type { Resource } from "./resource.ts";
import type { ResourceIndex } from "./resource-index.ts";
import { roleFacts } from "./role-facts.ts";

/** Who signs, where the user said it. */
export interface SignerWish {
  readonly functionName: string | undefined;
  readonly role: string | undefined;
}

export interface PlannedSigner {
  readonly reading: Reading<BucketFacets["signer"]>;
  readonly addresses: ReadonlyMap<PlannedPart, readonly string[]>;
  readonly sensitive: boolean;
  readonly remark: string | undefined;
}

export interface SignersBucket {
  readonly bucket: Resource | undefined;
  readonly name: string;
  readonly arn: string;
  readonly account: string | undefined;
}

const none: PlannedSigner = { reading: { state: "absent" }, addresses: new Map(), sensitive: false, remark: undefined };

/** @throws S3upError USAGE for a function or a role that the plan does not have */
export function plannedSigner(place: SignersBucket, wish: SignerWish, index: ResourceIndex): PlannedSigner {
  const named = namedSigner(wish, index);
  if (named !== undefined) {
    return named.lambda === undefined && named.role === undefined
      ? none
      : signerOf(named.lambda, named.role, place, index);
  }
  const candidates = signersFor(place, index);
  const [lambda, ...others] = candidates;
  if (lambda === undefined) return none;
  if (others.length === 0) return signerOf(lambda, roleOf(lambda, index), place, index);
  const list = candidates.map(({ address }) => address).join(", ");
  const reason = `several functions of the plan could sign: ${list}; --function names the one`;
  const addresses = new Map<PlannedPart, readonly string[]>([["function", candidates.map(({ address }) => address)]]);
  return { ...none, reading: { state: "unreadable", reason }, addresses };
}

interface Named {
  readonly lambda: Resource | undefined;
  readonly role: Resource | undefined;
}

function namedSigner({ functionName, role }: SignerWish, index: ResourceIndex): Named | undefined {
  if (functionName === undefined && role === undefined) return undefined;
  const lambda =
    functionName === undefined
      ? undefined
      : found("function", functionName, "function_name", index.byType("aws_lambda_function"));
  const named = role === undefined ? undefined : found("role", role, "name", index.byType("aws_iam_role"));
  return { lambda, role: named ?? (lambda === undefined ? undefined : roleOf(lambda, index)) };
}

function found(kind: string, wish: string, attribute: string, all: readonly Resource[]): Resource | undefined {
  const there = all.filter(({ after }) => after !== undefined);
  const name = wish.split(/[:/]/).at(-1);
  const match = there.find(({ address, after }) => {
    return address === wish || memberOf(after, "arn") === wish || memberOf(after, attribute) === name;
  });
  if (match !== undefined) return match;
  // a plan of the bucket alone leaves the signer to another one
  if (there.length === 0) return undefined;
  const list = there.map(({ after, address }) => textOf(memberOf(after, attribute)) ?? address).join(", ");
  throw new S3upError("USAGE", `There is no ${kind} ${wish} in the plan.`, {
    why: `It has ${list}.`,
    hint: `Name one of them, or its address, with --${kind}.`,
  });
}

function signerOf(
  lambda: Resource | undefined,
  role: Resource | undefined,
  { arn, account }: SignersBucket,
  index: ResourceIndex,
): PlannedSigner {
  const ofFunction = lambda === undefined ? undefined : functionFacts(lambda, index);
  const ofRole = role === undefined ? undefined : roleFacts(role, index, arn, account);
  const outline = {
    ...(ofRole?.signer ?? { policies: [{ name: "role", document: UNKNOWN }] }),
    ...(ofFunction === undefined ? {} : { function: ofFunction.function }),
  };
  const roles = ofRole?.addresses ?? [];
  const functions = ofFunction?.addresses ?? [];
  const unknownIn = isWhole(ofRole?.signer ?? UNKNOWN) ? functions : roles.length > 0 ? roles : functions;
  const assumption =
    "ARNs in the role's policies that are known only after apply are taken for those of the bucket and its objects.";
  return {
    reading: readingFrom("signer", [outline], `known after apply: ${unknownIn.join(", ")}`),
    addresses: new Map<PlannedPart, readonly string[]>([
      ["signer", [...functions, ...roles]],
      ["function", functions],
      ["api", ofFunction?.ways ?? []],
      ["role", roles],
    ]),
    sensitive: (ofFunction?.sensitive ?? false) || (ofRole?.sensitive ?? false),
    remark: ofRole?.assumed === true ? assumption : undefined,
  };
}

function roleOf(lambda: Resource, index: ResourceIndex): Resource | undefined {
  const roles = index.byType("aws_iam_role").filter(({ after }) => after !== undefined);
  const arn = partOf(lambda.after, "role");
  if (typeof arn === "string") {
    const byArn = roles.find(({ after }) => memberOf(after, "arn") === arn);
    return byArn ?? roles.find(({ after }) => memberOf(after, "name") === arn.split("/").at(-1));
  }
  const expression = memberOf(index.configOf(lambda)?.expressions, "role");
  const { resources } = targetsOf(expression, scopeOf(lambda, index), index);
  const found = resources.filter(({ type, mode }) => type === "aws_iam_role" && mode === "managed");
  return found.length === 1 ? found[0] : undefined;
}

/**
 * Functions that know the bucket and that somebody can call. Where there is no such way in the plan, a single function that knows
 * the bucket will do, unless S3 itself calls it.
 */
function signersFor(place: SignersBucket, index: ResourceIndex): readonly Resource[] {
  const all = index.byType("aws_lambda_function").filter(({ after }) => after !== undefined);
  if (all.length === 0) return [];
  const knowing = all.filter((lambda) => knows(lambda, place, index));
  const reachable = knowing.filter((lambda) => isReachable(lambda, index));
  if (reachable.length > 0) return reachable;
  const others = knowing.filter((lambda) => !isCalledByS3(lambda, index));
  return others.length === 1 ? others : [];
}

function knows(lambda: Resource, { bucket, name }: SignersBucket, index: ResourceIndex): boolean {
  const variables = partOf(blockOf(lambda.after, "environment"), "variables");
  if (isObject(variables) && Object.values(variables).some((value) => value === name)) return true;
  if (bucket === undefined) return false;
  const environment = blockOf(index.configOf(lambda)?.expressions, "environment");
  const { resources } = targetsOf(memberOf(environment, "variables"), scopeOf(lambda, index), index);
  return resources.includes(bucket) && (variables === UNKNOWN || isObject(variables));
}

function isReachable(lambda: Resource, index: ResourceIndex): boolean {
  const leads = (type: string, attribute: string) =>
    index.byType(type).some((resource) => names(resource, attribute, lambda, index));
  return (
    leads("aws_lambda_function_url", "function_name") ||
    leads("aws_apigatewayv2_integration", "integration_uri") ||
    leads("aws_apigatewayv2_api", "target") ||
    leads("aws_api_gateway_integration", "uri")
  );
}

function isCalledByS3(lambda: Resource, index: ResourceIndex): boolean {
  const byPermission = index
    .byType("aws_lambda_permission")
    .some((one) => partOf(one.after, "principal") === "s3.amazonaws.com" && names(one, "function_name", lambda, index));
  return (
    byPermission ||
    index.byType("aws_lambda_event_source_mapping").some((one) => names(one, "function_name", lambda, index)) ||
    isNotified(lambda, index)
  );
}

function isNotified(lambda: Resource, index: ResourceIndex): boolean {
  const arn = memberOf(lambda.after, "arn");
  return index
    .byType("aws_s3_bucket_notification")
    .some(({ after }) =>
      blocksOf(after, "lambda_function").some(
        (block) => arn !== undefined && arn !== UNKNOWN && partOf(block, "lambda_function_arn") === arn,
      ),
    );
}

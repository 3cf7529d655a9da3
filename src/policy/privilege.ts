import { type Reach, type Route, reachOf } from "./access.ts";
import type { Budget } from "./budget.ts";
import { type Address, accountOf, addressedBy, type Caller, isDenied } from "./caller.ts";
import { ABSENT, type Reading } from "./decision.ts";
import type { Policy } from "./document.ts";
import { type Facts, truthOf } from "./evaluate.ts";
import type { BucketArn } from "./s3-targets.ts";
import type { Statement } from "./statement.ts";

/** All that decides what a caller may do with a bucket. Organization policies and VPC endpoint policies stay out of sight. */
export interface PrivilegeFacts {
  readonly caller: Caller;
  readonly bucket: BucketArn;
  /** The account that owns the bucket; undefined where it is not known, and then taken for the caller's. */
  readonly bucketAccount?: string;
  readonly bucketPolicy?: Reading<Policy>;
}

/** A statement of a policy of the caller or of the bucket. */
export interface Granted {
  readonly policy: string;
  readonly reach: Reach;
  /** False where conditions decide. */
  readonly always: boolean;
}

/** The statements that can play a part, sorted by the part they play. */
export interface Rights {
  /** Ways to be allowed something in the bucket. */
  readonly inBucket: readonly RightsRoute[];
  /** Ways to be allowed something in other buckets: the caller's own policies alone decide on our side. */
  readonly elsewhere: readonly RightsRoute[];
  readonly bucketDenies: readonly Granted[];
  readonly ownDenies: readonly Granted[];
  /** Documents that could not be read or understood, each with the reason. */
  readonly unreadable: readonly string[];
}

export type RightsRoute = readonly (readonly Granted[])[];

export const BUCKET_POLICY = "the bucket policy";

/** `certain` keeps what holds for every request that fits the facts, `possible` what may hold. */
export interface Certainty {
  readonly allow: "certain" | "possible";
  readonly deny: "certain" | "possible";
}

export function rightsOf(facts: PrivilegeFacts, request: Facts, certainty: Certainty, budget: Budget): Rights {
  const { caller, bucketPolicy = ABSENT } = facts;
  const collect = collector(request, certainty, budget);
  const own = caller.identity.map(({ name, document }) => ({ name, document }));
  const boundary = caller.boundary === undefined ? [] : [caller.boundary];
  const documents = [...own, ...boundary, { name: BUCKET_POLICY, document: bucketPolicy }];

  const identity = own.flatMap((policy) => collect(policy, "Allow"));
  // a boundary that cannot be read is left out here and named in `unreadable`
  const limit = boundary.some(({ document }) => document.state === "present")
    ? [boundary.flatMap((policy) => collect(policy, "Allow"))]
    : [];
  const byBucket = (addresses: readonly Address[]): Granted[] =>
    collect({ name: BUCKET_POLICY, document: bucketPolicy }, "Allow", (statement) =>
      addresses.includes(addressedBy(statement, caller.arn)),
    );
  const ownRoute: RightsRoute = [identity, ...limit];
  return {
    inBucket: isForeign(facts)
      ? [[...ownRoute, byBucket(["everyone", "session", "direct", "account"])]]
      : [ownRoute, [byBucket(["direct"]), ...(isUser(caller.arn) ? [] : limit)], [byBucket(["everyone", "session"])]],
    elsewhere: [ownRoute],
    ownDenies: [...own, ...boundary].flatMap((policy) => collect(policy, "Deny")),
    bucketDenies: collect({ name: BUCKET_POLICY, document: bucketPolicy }, "Deny", (statement) => {
      if (isDenied(statement, caller.arn)) return true;
      return certainty.deny === "possible" && addressedBy(statement, caller.arn) === "session";
    }),
    unreadable: documents.flatMap(({ name, document }) =>
      document.state === "unreadable" ? [`${name}: ${document.reason}`] : [],
    ),
  };
}

export function reachesOf(route: RightsRoute): Route {
  return route.map((layer) => layer.map(({ reach }) => reach));
}

/** In another account's bucket both sides must allow; in one's own either does. */
function isForeign({ caller, bucketAccount }: PrivilegeFacts): boolean {
  const account = accountOf(caller.arn);
  return account !== undefined && bucketAccount !== undefined && account !== bucketAccount;
}

/** A boundary limits what a bucket policy grants to a role by its ARN, but not what it grants to a user. */
function isUser(arn: string | undefined): boolean {
  return arn?.includes(":user/") ?? false;
}

function collector(request: Facts, certainty: Certainty, budget: Budget) {
  return (
    { name, document }: { readonly name: string; readonly document: Reading<Policy> },
    effect: Statement["effect"],
    concerns: (statement: Statement) => boolean = () => true,
  ): Granted[] => {
    const wanted = effect === "Allow" ? certainty.allow : certainty.deny;
    const statements = document.state === "present" ? document.value.statements : [];
    return statements
      .filter((statement) => statement.effect === effect && concerns(statement))
      .flatMap((statement): Granted[] => {
        const truth = truthOf(statement, request, budget);
        if (truth === "never" || (wanted === "certain" && truth === "sometimes")) return [];
        const reach = reachOf(statement, wanted === "certain" ? "narrowest" : "widest", budget);
        return [{ policy: name, reach, always: truth === "always" }];
      });
  };
}

import { type AskedAction, names, touchedPart, untouched } from "./access.ts";
import { Budget, TOO_COMPLEX, withinBudget } from "./budget.ts";
import type { Decision } from "./decision.ts";
import type { Facts } from "./evaluate.ts";
import type { Wanted } from "./excess.ts";
import { glob, type Language } from "./glob.ts";
import { type Region, witness } from "./glob-search.ts";
import { type Granted, type PrivilegeFacts, type Rights, type RightsRoute, rightsOf } from "./privilege.ts";
import { nameOf } from "./public.ts";
import { s3Action } from "./s3-service.ts";

/** Why a wanted request fails. */
export type Obstacle =
  | { readonly kind: "not-allowed" }
  | { readonly kind: "boundary"; readonly policy: string }
  | { readonly kind: "denied"; readonly policy: string; readonly index: number }
  | { readonly kind: "condition"; readonly policy: string; readonly index: number };

export interface Failure {
  readonly action: string;
  readonly resource: string;
  readonly obstacle: Obstacle;
}

export interface EffectVerdict extends Decision {
  readonly failures: readonly Failure[];
}

/**
 * Whether all that is needed is really allowed: by a policy, within the boundary, and not denied anywhere. The answer is unknown
 * where it depends on conditions that the request leaves open.
 */
export function canPerform(
  facts: PrivilegeFacts,
  needed: readonly Wanted[],
  request: Facts,
  budget = new Budget(),
): EffectVerdict {
  return withinBudget(
    budget,
    (limit) => decide(facts, needed, request, limit),
    () => ({ answer: "unknown", reason: `it cannot be told whether it is allowed: ${TOO_COMPLEX}`, failures: [] }),
  );
}

function decide(facts: PrivilegeFacts, needed: readonly Wanted[], request: Facts, budget: Budget): EffectVerdict {
  const atMost = rightsOf(facts, request, { allow: "possible", deny: "certain" }, budget);
  const atLeast = rightsOf(facts, request, { allow: "certain", deny: "possible" }, budget);
  const boundary = facts.caller.boundary?.name;
  const sure = needed.flatMap((want) => failureOf(want, atMost, boundary, budget) ?? []);
  const [unread] = atMost.unreadable;

  const denied = sure.filter(({ obstacle }) => obstacle.kind === "denied");
  if (denied[0] !== undefined) return { answer: "no", reason: sentenceOf(denied[0]), failures: sure };
  if (unread !== undefined) return { answer: "unknown", reason: unread, failures: sure };
  if (sure[0] !== undefined) return { answer: "no", reason: sentenceOf(sure[0]), failures: sure };

  const open = needed
    .flatMap((want) => failureOf(want, atLeast, boundary, budget) ?? [])
    .map((failure) => asCondition(failure, atMost, budget));
  if (open[0] !== undefined) return { answer: "unknown", reason: sentenceOf(open[0]), failures: open };
  return { answer: "yes", reason: "everything that is needed is allowed", failures: [] };
}

function sentenceOf({ action, resource, obstacle }: Failure): string {
  const what = `${action} on ${resource}`;
  switch (obstacle.kind) {
    case "not-allowed":
      return `no statement allows ${what}`;
    case "boundary":
      return `the permissions boundary ${obstacle.policy} does not allow ${what}`;
    case "denied":
      return `${nameOf(obstacle)} of ${obstacle.policy} denies ${what}`;
    case "condition":
      return `${nameOf(obstacle)} of ${obstacle.policy} decides by its conditions on ${what}`;
  }
}

function failureOf(want: Wanted, rights: Rights, boundary: string | undefined, budget: Budget): Failure | undefined {
  const asked = askedAction(want.action);
  const needed: Language = [glob(want.resource)];
  const isS3 = asked.name.toLowerCase().startsWith("s3:");
  const denies = [...rights.ownDenies, ...(isS3 ? rights.bucketDenies : [])];
  for (const deny of denies.filter(({ reach }) => names(reach, asked, budget))) {
    const found = witness(touchedPart(deny.reach, { within: [needed], outside: [] }), budget);
    if (found === undefined) continue;
    const obstacle: Obstacle = { kind: "denied", policy: deny.policy, index: deny.reach.statement.index };
    return { action: want.action, resource: found, obstacle };
  }
  // the bucket's policy has no say in what other services are asked
  const routes = (isS3 ? rights.inBucket : rights.elsewhere).map((route) =>
    route.map((layer) => layer.filter(({ reach }) => names(reach, asked, budget))),
  );
  for (const { region, layers } of blockedBy(routes, { within: [needed], outside: [] })) {
    const found = witness(region, budget);
    if (found === undefined) continue;
    // the caller's own route comes first, and its second layer is the boundary
    const obstacle: Obstacle =
      boundary !== undefined && layers[0] === 1 ? { kind: "boundary", policy: boundary } : { kind: "not-allowed" };
    return { action: want.action, resource: found, obstacle };
  }
  return undefined;
}

interface Blocked {
  readonly region: Region;
  /** For each route, the number of the layer that does not allow. */
  readonly layers: readonly number[];
}

/** What no route allows: in each of them some layer says nothing. */
function* blockedBy(
  routes: readonly RightsRoute[],
  region: Region,
  layers: readonly number[] = [],
): Generator<Blocked> {
  const [route, ...others] = routes;
  if (route === undefined) {
    yield { region, layers };
    return;
  }
  for (const [number, layer] of route.entries()) {
    const { within, outside } = untouched(layer.map(({ reach }) => reach));
    const narrowed = { within: [...region.within, ...within], outside: [...region.outside, ...outside] };
    yield* blockedBy(others, narrowed, [...layers, number]);
  }
}

/** A failure that is not certain comes from a statement whose conditions are open. */
function asCondition(failure: Failure, atMost: Rights, budget: Budget): Failure {
  if (failure.obstacle.kind === "denied") return { ...failure, obstacle: { ...failure.obstacle, kind: "condition" } };
  const asked = askedAction(failure.action);
  const open = atMost.inBucket
    .flat(2)
    .find((granted: Granted) => !granted.always && names(granted.reach, asked, budget));
  if (open === undefined) return failure;
  return { ...failure, obstacle: { kind: "condition", policy: open.policy, index: open.reach.statement.index } };
}

function askedAction(action: string): AskedAction {
  return s3Action(action) ?? { name: action };
}

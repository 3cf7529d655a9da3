import { type ActionSet, namesAction, s3ActionsOf } from "./action-set.ts";
import type { Budget } from "./budget.ts";
import { EVERYTHING, type Glob, type Language, matchesAny } from "./glob.ts";
import { type Region, witness } from "./glob-search.ts";
import { type Breadth, patternGlob } from "./policy-pattern.ts";
import type { Statement } from "./statement.ts";

/** The resources of a statement: these, or (NotResource) everything but these. */
export type Resources =
  | { readonly kind: "these"; readonly language: Language }
  | { readonly kind: "all-but"; readonly language: Language };

/** A statement made ready for questions about sets of resources. */
export interface Reach {
  readonly statement: Statement;
  /** Which actions of S3 it names. */
  readonly s3Actions: ActionSet;
  readonly resources: Resources;
}

/** An action to ask about; `index` for those of S3's table. */
export interface AskedAction {
  readonly name: string;
  readonly index?: number;
}

/** A set of ARNs to ask about. Equal ids mean equal regions. */
export interface Target {
  readonly id: string;
  readonly region: Region;
  /** What to show instead of the witness, where the ARN is only a stand-in. */
  readonly shown?: string;
}

/** Layers of statements that must all allow, such as the role's policies and its boundary. */
export type Route = readonly (readonly Reach[])[];

export interface AccessQuestion {
  /** One route that allows is enough. */
  readonly routes: readonly Route[];
  readonly denies: readonly Reach[];
  readonly targetsOf: (action: AskedAction) => readonly Target[];
  /** What is no news: what may be allowed. */
  readonly permitted?: readonly Reach[];
}

/** Proof that an action is allowed: an ARN on which it is. */
export interface Access<A extends AskedAction = AskedAction> {
  readonly action: A;
  /** As it is shown. */
  readonly resource: string;
  /** The string that was found. */
  readonly arn: string;
}

/** Statements do not change, so each is made ready once. */
const REACHES = { widest: new WeakMap<Statement, Reach>(), narrowest: new WeakMap<Statement, Reach>() };

/** @param breadth "widest" for what it may at most reach, "narrowest" for what it reaches for certain. */
export function reachOf(statement: Statement, breadth: Breadth, budget: Budget): Reach {
  const known = REACHES[breadth].get(statement);
  if (known !== undefined) return known;
  const s3Actions = s3ActionsOf(statement.actions, budget);
  const reach = { statement, s3Actions, resources: resourcesOf(statement, breadth) };
  REACHES[breadth].set(statement, reach);
  return reach;
}

/** Whether the statement names the ARN. */
export function touches({ resources }: Reach, arn: string, budget: Budget): boolean {
  return matchesAny(resources.language, arn, budget) === (resources.kind === "these");
}

export function names(reach: Reach, action: AskedAction, budget: Budget): boolean {
  if (action.index !== undefined) return reach.s3Actions[action.index] ?? false;
  return namesAction(reach.statement.actions, action.name, budget);
}

/** One access per action and target that some route allows, no Deny takes back and `permitted` does not cover. */
export function findAccess<A extends AskedAction>(
  actions: readonly A[],
  question: AccessQuestion,
  budget: Budget,
): Access<A>[] {
  const reaches = [...question.routes.flat(2), ...question.denies, ...(question.permitted ?? [])];
  const narrowed = new Map<string, Narrowed>();
  const known = new Map<string, string | undefined>();
  const found: Access<A>[] = [];
  for (const action of actions) {
    // actions that the same statements speak of have the same answer
    const kinship = kinshipOf(action, reaches, budget);
    const asked = narrowed.get(kinship) ?? narrowedTo(action, question, budget);
    narrowed.set(kinship, asked);
    if (asked.routes.length === 0) continue;
    for (const target of question.targetsOf(action)) {
      const name = `${target.id} ${kinship}`;
      if (!known.has(name)) known.set(name, firstWitness(asked, target, budget));
      const arn = known.get(name);
      if (arn !== undefined) found.push({ action, resource: target.shown ?? arn, arn });
    }
  }
  return found;
}

/** Which of the statements name the action. */
function kinshipOf(action: AskedAction, reaches: readonly Reach[], budget: Budget): string {
  budget.spend(reaches.length);
  let kinship = "";
  for (const reach of reaches) kinship += names(reach, action, budget) ? "1" : "0";
  return kinship;
}

interface Narrowed {
  readonly routes: readonly Route[];
  readonly denies: readonly Reach[];
  readonly permitted: readonly Reach[];
}

/** The question with only the statements that name the action. */
function narrowedTo(action: AskedAction, question: AccessQuestion, budget: Budget): Narrowed {
  const naming = (reaches: readonly Reach[]): readonly Reach[] =>
    reaches.filter((reach) => names(reach, action, budget));
  const routes = question.routes
    .map((route) => route.map(naming))
    .filter((route) => route.every((layer) => layer.length > 0));
  return { routes, denies: naming(question.denies), permitted: naming(question.permitted ?? []) };
}

function firstWitness({ routes, denies, permitted }: Narrowed, target: Target, budget: Budget): string | undefined {
  const refused = untouched([...denies, ...permitted]);
  for (const route of routes) {
    for (const chosen of choicesOf(route)) {
      const found = witness(
        {
          within: [...target.region.within, ...chosen.within, ...refused.within],
          outside: [...target.region.outside, ...chosen.outside, ...refused.outside],
        },
        budget,
      );
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The region that none of the statements touches. */
export function untouched(reaches: readonly Reach[]): Region {
  return {
    within: reaches.flatMap(({ resources }) => (resources.kind === "all-but" ? [resources.language] : [])),
    outside: [reaches.flatMap(({ resources }) => (resources.kind === "these" ? resources.language : []))],
  };
}

/** The part of the region that the statement touches. */
export function touchedPart({ resources }: Reach, { within, outside }: Region): Region {
  return resources.kind === "these"
    ? { within: [...within, resources.language], outside }
    : { within, outside: [...outside, resources.language] };
}

/** A layer allows what any of its statements allows: each way to take one alternative per layer is a region. */
function* choicesOf(route: Route, chosen: Region = { within: [], outside: [] }): Generator<Region> {
  const [layer, ...others] = route;
  if (layer === undefined) {
    yield chosen;
    return;
  }
  for (const { within, outside } of alternativesOf(layer)) {
    yield* choicesOf(others, { within: [...chosen.within, ...within], outside: [...chosen.outside, ...outside] });
  }
}

function alternativesOf(layer: readonly Reach[]): Region[] {
  const named = layer.flatMap(({ resources }): Glob[] => (resources.kind === "these" ? [...resources.language] : []));
  const others = layer.flatMap(({ resources }): Region[] =>
    resources.kind === "all-but" ? [{ within: [], outside: [resources.language] }] : [],
  );
  return named.length === 0 ? others : [{ within: [named], outside: [] }, ...others];
}

function resourcesOf({ resources, version }: Statement, breadth: Breadth): Resources {
  if (resources === undefined) return { kind: "these", language: [EVERYTHING] };
  // what a negated list leaves over is widest when the list itself is narrowest
  const inner = resources.negated ? opposite(breadth) : breadth;
  const language = resources.patterns.flatMap((pattern) => patternGlob(pattern, version, inner) ?? []);
  return { kind: resources.negated ? "all-but" : "these", language };
}

function opposite(breadth: Breadth): Breadth {
  return breadth === "widest" ? "narrowest" : "widest";
}

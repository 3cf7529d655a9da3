import { type Access, findAccess, type Reach, reachOf } from "./access.ts";
import { type AclGrant, grantAsStatement, publicGroupOf } from "./acl.ts";
import { Budget, TOO_COMPLEX, withinBudget } from "./budget.ts";
import type { Answer } from "./decision.ts";
import type { Policy } from "./document.ts";
import { ANY_FACT, type Facts, type KeyFact, type Truth, truthOf } from "./evaluate.ts";
import { glob, matches } from "./glob.ts";
import { classifyPrincipal, type PrincipalEntry } from "./principal.ts";
import { S3_ACTIONS, type S3Action, tellingFirst } from "./s3-service.ts";
import { type BucketArn, targetsInBucket } from "./s3-targets.ts";
import type { Statement } from "./statement.ts";
import { choicesFor, type KeyUse, type Scenario, STRANGER } from "./stranger.ts";
import { outsideNarrowNetworks } from "./stranger-address.ts";

export type AccessKind = "read" | "list" | "write" | "delete";

/** Proof of what a stranger can do: this action on this ARN. */
export interface StrangerWitness {
  readonly action: string;
  readonly resource: string;
  readonly kind: AccessKind;
  /** Whether it takes an AWS account; any account will do. */
  readonly who: Scenario["who"];
}

export interface StrangerAccess {
  readonly answer: Answer;
  readonly reason: string;
  /** The telling ones first; empty unless the answer is yes. */
  readonly witnesses: readonly StrangerWitness[];
  /** What could not be ruled out besides; none where the answer is no, or nothing is left open. */
  readonly possible: readonly StrangerWitness[];
}

export interface StrangerQuestion {
  readonly bucket: BucketArn;
  readonly policy: Policy | undefined;
  /** Grants to public groups that count; leave out those that are ignored. */
  readonly publicGrants: readonly AclGrant[];
}

const NO_ACCESS = { witnesses: [], possible: [] } as const;
const MOST_REQUESTS = 384;
/**
 * What a stranger can do with the bucket: what an Allow gives to everyone less what a Deny takes from everyone. A Deny counts
 * only for requests that a stranger cannot help; one that yields to a header they choose takes nothing.
 */
export function strangerAccess(question: StrangerQuestion, budget = new Budget()): StrangerAccess {
  return withinBudget(
    budget,
    (limit) => decide(question, limit),
    () => ({ answer: "unknown", reason: `it cannot be told what strangers can do: ${TOO_COMPLEX}`, ...NO_ACCESS }),
  );
}

/** A statement that concerns strangers. */
interface Concern {
  readonly statement: Statement;
  readonly group: "everyone" | "signed";
  readonly widest: Reach;
  readonly narrowest: Reach;
}

function decide({ bucket, policy, publicGrants }: StrangerQuestion, budget: Budget): StrangerAccess {
  const concerns = [...aclConcerns(publicGrants, bucket, budget), ...policyConcerns(policy, budget)];
  if (!concerns.some(({ statement }) => statement.effect === "Allow")) {
    return { answer: "no", reason: "nothing is allowed to strangers", ...NO_ACCESS };
  }
  const finder = new StrangerSearch(concerns, bucket, budget);
  const possible = finder.possible();
  if (possible.length === 0)
    return { answer: "no", reason: "what is allowed to everyone is denied to strangers again", ...NO_ACCESS };

  const { witnesses, complete } = finder.certain();
  const [first] = witnesses;
  if (first !== undefined) {
    const sure = new Set(witnesses.map(({ action }) => action));
    const rest = complete ? [] : possible.filter(({ action }) => !sure.has(action));
    return { answer: "yes", reason: sentenceOf(first), witnesses, possible: rest };
  }
  if (complete) return { answer: "no", reason: "no request that a stranger can make is allowed", ...NO_ACCESS };
  return { answer: "unknown", reason: "it depends on conditions that cannot be decided here", witnesses: [], possible };
}

function sentenceOf({ who, action, resource }: StrangerWitness): string {
  return `${who === "anonymous" ? "anyone, without credentials," : "anyone with an AWS account"} can call ${action} on ${resource}`;
}

function aclConcerns(grants: readonly AclGrant[], { arn }: BucketArn, budget: Budget): Concern[] {
  return grants.map((grant, index) => {
    const group = publicGroupOf(grant) === "AllUsers" ? "everyone" : "signed";
    return concernOf(grantAsStatement(grant, index, arn), group, budget);
  });
}

function policyConcerns(policy: Policy | undefined, budget: Budget): Concern[] {
  return (policy?.statements ?? []).flatMap((statement) => {
    const group = statement.effect === "Allow" ? allowedGroup(statement) : deniedGroup(statement);
    return group === undefined ? [] : [concernOf(outsideNarrowNetworks(statement), group, budget)];
  });
}

function concernOf(statement: Statement, group: Concern["group"], budget: Budget): Concern {
  return {
    statement,
    group,
    widest: reachOf(statement, "widest", budget),
    narrowest: reachOf(statement, "narrowest", budget),
  };
}

/** Which strangers an Allow speaks to. */
function allowedGroup({ principals }: Statement): Concern["group"] | undefined {
  if (principals === undefined) return undefined;
  const kinds = principals.entries.map((entry) => classifyPrincipal(entry).kind);
  if (principals.negated) return kinds.includes("everyone") ? undefined : "everyone";
  if (kinds.includes("everyone")) return "everyone";
  return principals.entries.some(takesStrangers) ? "signed" : undefined;
}

/** Session of a web identity, or an ARN with a wildcard that a role of any account fits. */
function takesStrangers(entry: PrincipalEntry): boolean {
  const principal = classifyPrincipal(entry);
  if (principal.kind === "web-identity") return true;
  if (principal.kind !== "pattern" || entry.type !== "AWS") return false;
  return [`arn:aws:iam::${STRANGER}:role/x`, `arn:aws:iam::${STRANGER}:root`].some((arn) =>
    matches(glob(principal.pattern), arn, new Budget()),
  );
}

/** A Deny for everyone hits every stranger; so does one for everyone but a few that are known. */
function deniedGroup({ principals }: Statement): Concern["group"] | undefined {
  if (principals === undefined) return undefined;
  const kinds = principals.entries.map((entry) => classifyPrincipal(entry).kind);
  if (!principals.negated) return kinds.includes("everyone") ? "everyone" : undefined;
  return kinds.some((kind) => kind === "everyone" || kind === "pattern" || kind === "web-identity")
    ? undefined
    : "everyone";
}

class StrangerSearch {
  private readonly concerns: readonly Concern[];
  private readonly uses: ReadonlyMap<string, readonly KeyUse[]>;
  private readonly scenarios: readonly Scenario[];
  private readonly targetsOf: ReturnType<typeof targetsInBucket>;
  private readonly budget: Budget;

  constructor(concerns: readonly Concern[], bucket: BucketArn, budget: Budget) {
    this.concerns = concerns;
    this.uses = usesByKey(concerns.map(({ statement }) => statement));
    this.scenarios = scenariosFor([...this.uses.keys()]);
    this.targetsOf = targetsInBucket(bucket);
    this.budget = budget;
  }

  /** What cannot be ruled out when nothing is known about the keys that the scenario leaves open. */
  possible(): StrangerWitness[] {
    return ordered(
      this.scenarios.flatMap((scenario) => {
        const truths = this.truthsOf(scenario, (key) => {
          const { facts, complete } = choicesFor(key, scenario, this.uses.get(key) ?? [], this.budget);
          return complete && facts.length === 1 ? (facts[0] ?? ANY_FACT) : ANY_FACT;
        });
        return this.reached(truths, scenario, "possible");
      }),
    );
  }

  /** What is allowed for certain, over every combination of what a stranger can choose. */
  certain(): { readonly witnesses: StrangerWitness[]; readonly complete: boolean } {
    const found: StrangerWitness[] = [];
    const seen = new Set<string>();
    let complete = true;
    for (const scenario of this.scenarios) {
      const keys = [...this.uses].map(([key, uses]) => ({
        key,
        choices: choicesFor(key, scenario, uses, this.budget),
      }));
      const combinations = keys.reduce((product, { choices }) => product * choices.facts.length, 1);
      complete &&= keys.every(({ choices }) => choices.complete) && combinations <= MOST_REQUESTS;
      for (let number = 0; number < Math.min(combinations, MOST_REQUESTS); number++) {
        const table = combination(keys, number);
        const truths = this.truthsOf(scenario, (key) => table.get(key) ?? ANY_FACT);
        complete &&= !truths.includes("sometimes");
        const name = `${scenario.who} ${truths.join()}`;
        if (seen.has(name)) continue;
        seen.add(name);
        found.push(...this.reached(truths, scenario, "certain"));
      }
    }
    return { witnesses: ordered(found), complete };
  }

  private truthsOf(scenario: Scenario, facts: Facts): Truth[] {
    return this.concerns.map(({ statement, group }) => {
      if (group === "signed" && scenario.who === "anonymous") return "never";
      return truthOf(statement, facts, this.budget);
    });
  }

  private reached(truths: readonly Truth[], { who }: Scenario, certainty: "certain" | "possible"): StrangerWitness[] {
    const holding = (effect: Statement["effect"], sometimes: boolean): Concern[] =>
      this.concerns.filter(({ statement }, index) => {
        const truth = truths[index];
        return statement.effect === effect && (truth === "always" || (sometimes && truth === "sometimes"));
      });
    const certain = certainty === "certain";
    const allows = holding("Allow", !certain).map(({ widest }) => widest);
    const denies = holding("Deny", certain).map(({ widest, narrowest }) => (certain ? widest : narrowest));
    const question = { routes: [[allows]], denies, targetsOf: this.targetsOf };
    return findAccess(S3_ACTIONS, question, this.budget).map((access) => witnessOf(access, who));
  }
}

function usesByKey(statements: readonly Statement[]): Map<string, KeyUse[]> {
  const uses = new Map<string, KeyUse[]>();
  for (const statement of statements) {
    for (const condition of statement.conditions) {
      const known = uses.get(condition.keyName);
      if (known === undefined) uses.set(condition.keyName, [{ condition, statement }]);
      else known.push({ condition, statement });
    }
  }
  return uses;
}

/** Only the distinctions that the policy makes. */
function scenariosFor(keys: readonly string[]): Scenario[] {
  const inVpc = keys.some((key) => /^aws:(source(ip|vpc)|vpc)/.test(key));
  const plain = keys.some((key) => key === "aws:securetransport" || key === "s3:tlsversion");
  return (["anonymous", "foreign-account"] as const).flatMap((who) =>
    (inVpc ? (["internet", "own-vpc"] as const) : (["internet"] as const)).flatMap((network) =>
      (plain ? (["https", "http"] as const) : (["https"] as const)).map((transport) => ({ who, network, transport })),
    ),
  );
}

/** The facts with the given number, counting through all combinations. */
function combination(
  keys: readonly { readonly key: string; readonly choices: { readonly facts: readonly KeyFact[] } }[],
  number: number,
): Map<string, KeyFact> {
  let rest = number;
  const table = new Map<string, KeyFact>();
  for (const { key, choices } of keys) {
    const fact = choices.facts[rest % choices.facts.length];
    rest = Math.floor(rest / choices.facts.length);
    if (fact !== undefined) table.set(key, fact);
  }
  return table;
}

function witnessOf({ action, resource }: Access<S3Action>, who: Scenario["who"]): StrangerWitness {
  return { action: action.name, resource, kind: kindOf(action), who };
}

function kindOf({ name, level }: S3Action): AccessKind {
  if (/^s3:(Delete(Object|Bucket$)|AbortMultipartUpload)/.test(name)) return "delete";
  return level === "list" || level === "read" ? level : "write";
}

/** One witness an action, anonymous before any account, the telling actions first. */
function ordered(witnesses: readonly StrangerWitness[]): StrangerWitness[] {
  const byAction = new Map<string, StrangerWitness>();
  for (const found of witnesses) {
    const known = byAction.get(found.action);
    if (known === undefined || (known.who !== "anonymous" && found.who === "anonymous"))
      byAction.set(found.action, found);
  }
  return tellingFirst([...byAction.values()].sort((a, b) => (a.action < b.action ? -1 : 1)));
}

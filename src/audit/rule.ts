import type { Facet } from "./facets.ts";
import type { Intent } from "./intent.ts";
import type { Known } from "./snapshot.ts";

/** 1 short-lived URLs, 2 least privilege, 3 private bucket, 4 object names, 5 CORS; `extra`: what an engineer adds. */
export type Layer = 1 | 2 | 3 | 4 | 5 | "extra";

/** From worst to mildest. */
export const severities = ["critical", "high", "medium", "low", "info"] as const;
export type Severity = (typeof severities)[number];

/** A request that shows what is wrong. */
export interface Witness {
  readonly action: string;
  readonly resource: string;
  readonly principal?: string;
}

export interface Violation {
  /** Names the bucket, its state and the cause, in words for a developer who is no security engineer. */
  readonly message: string;
  /** The part of the configuration that shows it. */
  readonly evidence?: unknown;
  readonly witness?: Witness;
  /** Milder or worse than the rule's own severity, where the case is. */
  readonly severity?: Severity;
}

export type RuleOutcome =
  | { readonly status: "pass"; readonly message: string }
  | { readonly status: "fail"; readonly violations: readonly [Violation, ...Violation[]] }
  | { readonly status: "not-applicable"; readonly message: string }
  /** Known facets, and still no answer: a policy that could not be parsed, a search that reached its bound. */
  | { readonly status: "unknown"; readonly message: string };

export interface Fix {
  /**
   * Commands ready to paste; `BUCKET` stands for the bucket's name, `PREFIX` for the upload prefix, `ACCOUNT` for the account
   * id, `ORIGIN` for the web origin that uploads, `METHOD` for the method that it uploads with, `PARTITION` for that of ARNs,
   * `ROLE` for the name of the signer's role, `MAX_AGE` and `MAX_AGE_MS` for the longest life of a URL in seconds and milliseconds.
   */
  readonly cli: string;
  readonly terraform: string;
}

export interface Rule<F extends Facet = Facet> {
  /** Kebab-case; kept for ever once shipped. */
  readonly id: string;
  readonly layer: Layer;
  readonly severity: Severity;
  readonly title: string;
  /** What an attacker or a bad day makes of it, in two sentences at most. */
  readonly why: string;
  readonly fix: Fix;
  readonly needs: readonly F[];
  evaluate(bucket: Known<F>, intent: Intent): RuleOutcome;
}

/** What can be said of a rule without running it: lists, reports and pages are made from it. */
export type RuleDescription = Pick<Rule, "id" | "layer" | "severity" | "title" | "why" | "fix">;

/** Lets TypeScript infer from `needs` which facets `evaluate` may touch. */
export function defineRule<const F extends Facet>(rule: Rule<F>): Rule<F> {
  return rule;
}

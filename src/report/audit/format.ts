/** What every format of an audit report is: a pure function from the report to text. */
import type { Facet } from "../../audit/facets.ts";
import type { AuditReport } from "../../audit/result.ts";
import type { Rule } from "../../audit/rule.ts";

export type AuditFormatter = (report: AuditReport, options: AuditTextOptions) => Iterable<string>;

export interface AuditTextOptions {
  /** Of s3up. */
  readonly version: string;
  /** The rules that ran; SARIF describes each of them. */
  readonly rules: readonly RuleFacts[];
  /** ANSI colours; only `human` has any. */
  readonly color: boolean;
  /**
   * A live bucket has no line of code, and GitHub wants one: the file, relative to the repository's root, whose first
   * line stands for it. The configuration file by default.
   */
  readonly anchorFile?: string;
}

/** A rule as text tells of it; every `Rule` is one, and so is the description of what is found without a rule. */
export type RuleFacts = Pick<Rule, "id" | "layer" | "severity" | "title" | "why" | "fix"> & {
  readonly needs?: readonly Facet[];
};

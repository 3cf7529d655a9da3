import type { Layer, Severity, Witness } from "./rule.ts";

export type Status = "pass" | "fail" | "unknown" | "not-applicable" | "suppressed";

/** What one rule says of one bucket: a line of every report. */
export interface RuleResult {
  readonly rule: string;
  readonly layer: Layer;
  readonly severity: Severity;
  readonly status: Status;
  readonly message: string;
  readonly why: string;
  /** The rule's fix with the bucket's own names in it. */
  readonly fix: { readonly cli: string; readonly terraform: string };
  /** What shows it: one member for each violation, or what could not be read with the IAM action that would read it. */
  readonly evidence?: readonly Evidence[];
  readonly witness?: Witness;
  /** Stable across runs and order: bucket, rule and what was found, not where. */
  readonly fingerprint: string;
  /** Where it stands in Terraform, the most telling resource first; only of a plan or a state. */
  readonly addresses?: readonly string[];
  /** Where the first of them that was found is written. */
  readonly place?: SourcePlace;
  /** Set when `status` is `suppressed`. */
  readonly suppression?: {
    readonly reason: string;
    readonly expires?: string;
    readonly by: "configuration" | "baseline";
  };
}

/** A line of a file, relative to the working directory. */
export interface SourcePlace {
  readonly path: string;
  /** From 1. */
  readonly line: number;
}

export interface Evidence {
  readonly message: string;
  readonly value?: unknown;
  readonly witness?: Witness;
  /** The IAM action, by its real name, that is missing. */
  readonly missingAction?: string;
}

/** The three answers about a bucket policy, never mixed; `unknown` where it could not be decided. */
export interface PolicyAnswers {
  /** S3's own rule of "public". */
  readonly public: Answer;
  /** What AWS itself said (GetBucketPolicyStatus), where it could be read. */
  readonly awsSays?: boolean;
  /** What a stranger can do now, after Deny statements and Block Public Access. */
  readonly strangers: { readonly answer: Answer; readonly can: readonly Witness[]; readonly reason: string };
  /** Public, and only Block Public Access holds it back. */
  readonly masked: Answer;
}
export type Answer = "yes" | "no" | "unknown";

export interface BucketReport {
  readonly bucket: string;
  /** `arn:<partition>:s3:::<bucket>`, where the snapshot told it. */
  readonly arn?: string;
  /** `live`, the snapshot's path, or the plan's. */
  readonly source: string;
  /** Of the bucket, or of what is set of it; only of a plan or a state. */
  readonly address?: string;
  readonly results: readonly RuleResult[];
  readonly policy: PolicyAnswers;
  /** Why nothing could be said of it at all: not there, elsewhere, another account's. `results` is empty then. */
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
}

export interface AuditReport {
  readonly buckets: readonly BucketReport[];
  readonly summary: AuditSummary;
  readonly exitCode: number;
  readonly failOn: Severity | "none";
}

export interface AuditSummary {
  readonly buckets: number;
  readonly rules: number;
  readonly byStatus: Readonly<Record<Status, number>>;
  /** Failures only. */
  readonly bySeverity: Readonly<Record<Severity, number>>;
}

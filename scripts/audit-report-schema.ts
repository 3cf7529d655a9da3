/** What `s3up audit --format json` prints, as a schema. Members may be added to it; none is taken away or changed. */
import * as v from "valibot";
import { severities } from "../src/audit/rule.ts";
import type { jsonReport } from "../src/report/audit/json.ts";

const text = (description: string) => v.pipe(v.string(), v.description(description));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const answer = (description: string) =>
  v.pipe(v.union([v.boolean(), v.literal("unknown")]), v.description(description));

const severity = v.picklist(severities);
const status = v.picklist(["pass", "fail", "unknown", "not-applicable", "suppressed"]);

const witness = v.pipe(
  v.object({
    action: text("An action, such as s3:GetObject."),
    resource: text("An ARN."),
    principal: v.optional(text("Who can do it; anyone when absent.")),
  }),
  v.description("A request that shows what is wrong."),
);

const evidence = v.object({
  message: text("One thing that was found."),
  value: v.optional(v.pipe(v.unknown(), v.description("The part of the configuration that shows it."))),
  witness: v.optional(witness),
  missingAction: v.optional(text("The IAM action that would have answered the question.")),
});

const suppression = v.object({
  reason: text("Why the failure is accepted."),
  expires: v.optional(text("The last day on which it is, YYYY-MM-DD.")),
  by: v.picklist(["configuration", "baseline"]),
});

const result = v.object({
  rule: text("The rule's id; it never changes."),
  layer: v.pipe(v.picklist([1, 2, 3, 4, 5, "extra"]), v.description("The layer of defence it belongs to.")),
  severity,
  status,
  message: text("What was found, in words."),
  why: text("What an attacker or a bad day makes of it."),
  fix: v.object({ cli: text("Commands to paste."), terraform: text("The same for Terraform.") }),
  evidence: v.array(evidence),
  witness: v.nullable(witness),
  fingerprint: text("The same from run to run for the same finding."),
  address: v.optional(text("The Terraform resource that it is about; only of a plan or a state.")),
  addresses: v.optional(v.pipe(v.array(v.string()), v.description("All resources that it is about."))),
  location: v.optional(
    v.object({ file: text("Where the resource is written; only with --source."), line: v.pipe(count, v.minValue(1)) }),
  ),
  suppression: v.optional(suppression),
});

const policy = v.pipe(
  v.object({
    public: answer("S3's own rule says public."),
    strangers: answer("Somebody unknown can use it now."),
    masked: answer("It is public, and only Block Public Access holds it back."),
    awsSays: v.pipe(v.nullable(v.boolean()), v.description("GetBucketPolicyStatus; null where it was not read.")),
    reason: text("Why strangers can or cannot."),
    witnesses: v.pipe(v.array(witness), v.description("What strangers can do.")),
  }),
  v.description("Three questions about the bucket policy that are never mixed."),
);

const bucket = v.object({
  bucket: text("The bucket's name."),
  source: text("live, or the file that was audited."),
  results: v.pipe(v.array(result), v.description("Empty where the bucket could not be audited.")),
  policy,
  error: v.optional(
    v.pipe(
      v.object({ code: v.string(), message: v.string(), hint: v.optional(v.string()) }),
      v.description("Why the bucket could not be audited at all."),
    ),
  ),
});

export const auditReportSchema = v.object({
  v: v.literal(1),
  type: v.literal("audit"),
  buckets: v.array(bucket),
  summary: v.object({
    buckets: count,
    rules: count,
    byStatus: v.object({ pass: count, fail: count, unknown: count, "not-applicable": count, suppressed: count }),
    bySeverity: v.pipe(
      v.object({ critical: count, high: count, medium: count, low: count, info: count }),
      v.description("Failures only."),
    ),
    failOn: v.picklist([...severities, "none"]),
  }),
  exitCode: v.pipe(v.number(), v.safeInteger(), v.description("What the command exits with.")),
});

/** The compiler holds the schema against what `json.ts` writes. */
type Written = ReturnType<typeof jsonReport>;
type Described = v.InferInput<typeof auditReportSchema>;
type Readable<T> = T extends object ? { readonly [K in keyof T]: Readable<T[K]> } : T;
export const schemaFitsReport: Written extends Readable<Described> ? true : false = true;

import { names, reachOf, type Target, touchedPart } from "./access.ts";
import { s3ActionsMatching } from "./action-set.ts";
import { Budget, withinBudget } from "./budget.ts";
import { lintConditions } from "./condition-lint.ts";
import { MAX_BUCKET_POLICY_BYTES, type Policy } from "./document.ts";
import { witness } from "./glob-search.ts";
import { hasVariable } from "./policy-pattern.ts";
import { classifyPrincipal } from "./principal.ts";
import { S3_ACTIONS } from "./s3-service.ts";
import { type BucketArn, placesIn, targetsAnywhere } from "./s3-targets.ts";
import type { Statement } from "./statement.ts";

export type LintCode =
  | "too-large"
  | "version-missing"
  | "variable-in-old-version"
  | "duplicate-sid"
  | "duplicate-value"
  | "duplicate-key"
  | "unknown-action"
  | "other-service"
  | "action-without-resource"
  | "not-an-arn"
  | "principal-pattern"
  | "not-principal-deny"
  | "unknown-key"
  | "type-mismatch"
  | "key-never-present"
  | "literal-wildcard"
  | "contradiction"
  | "for-all-values";

/** Something that is legal and very likely not what was meant. */
export interface LintFinding {
  readonly code: LintCode;
  readonly path: string;
  readonly message: string;
}

/**
 * What is odd about a policy that AWS would accept.
 *
 * @param bucket where the policy is a bucket's: then it must fit S3.
 */
export function lintPolicy(policy: Policy, bucket?: BucketArn, budget = new Budget()): readonly LintFinding[] {
  const patterns = policy.statements.flatMap(({ resources }) => resources?.patterns ?? []);
  const targetsOf = targetsAnywhere(bucket?.partition ?? "aws", placesIn(patterns));
  const each = policy.statements.flatMap((statement) => [
    ...lintPatterns(statement, policy),
    ...lintPrincipals(statement),
    ...lintActions(statement, bucket !== undefined, budget),
    ...withinBudget(
      budget,
      (limit) => lintResources(statement, targetsOf, limit),
      () => [],
    ),
    ...lintConditions(statement, budget),
  ]);
  return [...lintDocument(policy, bucket !== undefined), ...each];
}

function lintDocument({ bytes, versionGiven, statements }: Policy, isBucketPolicy: boolean): LintFinding[] {
  const findings: LintFinding[] = [];
  if (isBucketPolicy && bytes > MAX_BUCKET_POLICY_BYTES) {
    const message = `has ${bytes} bytes; S3 accepts ${MAX_BUCKET_POLICY_BYTES}`;
    findings.push({ code: "too-large", path: "", message });
  }
  if (!versionGiven) {
    const message = "is missing, so the version of 2008 counts, which has no policy variables";
    findings.push({ code: "version-missing", path: "Version", message });
  }
  const seen = new Set<string>();
  for (const { sid, path } of statements) {
    if (sid !== undefined && sid !== "" && seen.has(sid)) {
      findings.push({ code: "duplicate-sid", path: `${path}.Sid`, message: `${JSON.stringify(sid)} is there twice` });
    }
    if (sid !== undefined) seen.add(sid);
  }
  return findings;
}

function lintPatterns({ actions, resources, version }: Statement, { versionGiven }: Policy): LintFinding[] {
  return [actions, ...(resources === undefined ? [] : [resources])].flatMap(({ patterns, path }) => {
    const twice = patterns.filter((pattern, index) => patterns.indexOf(pattern) < index);
    const findings = [...new Set(twice)].map((pattern): LintFinding => {
      return { code: "duplicate-value", path, message: `${JSON.stringify(pattern)} is there twice` };
    });
    const plain = version === "2008-10-17" ? patterns.find((pattern) => hasVariable(pattern, "2012-10-17")) : undefined;
    if (plain !== undefined) {
      const why = versionGiven ? "of 2008" : "that counts without the element Version";
      const message = `${JSON.stringify(plain)} is plain text in the version ${why}`;
      findings.push({ code: "variable-in-old-version", path, message });
    }
    return findings;
  });
}

function lintPrincipals({ principals, effect }: Statement): LintFinding[] {
  if (principals === undefined) return [];
  const findings = principals.entries
    .filter((entry) => classifyPrincipal(entry).kind === "pattern")
    .map(({ path, value }): LintFinding => {
      return {
        code: "principal-pattern",
        path,
        message: `${JSON.stringify(value)}: only "*" alone is a wildcard here`,
      };
    });
  const [first] = principals.entries;
  if (principals.negated && effect === "Deny" && first !== undefined) {
    const message = "NotPrincipal with Deny also hits sessions and services that are not named";
    findings.push({ code: "not-principal-deny", path: first.path, message });
  }
  return findings;
}

function lintActions({ actions }: Statement, isBucketPolicy: boolean, budget: Budget): LintFinding[] {
  return actions.patterns.flatMap((pattern): LintFinding[] => {
    const shown = JSON.stringify(pattern);
    if (/^\*+$/.test(pattern) || /^[^:]*[*?]/.test(pattern)) return [];
    if (!/^s3:/i.test(pattern)) {
      const message = `${shown} is no action of S3, and a bucket policy decides about nothing else`;
      return isBucketPolicy ? [{ code: "other-service", path: actions.path, message }] : [];
    }
    const known = withinBudget(
      budget,
      (limit) => s3ActionsMatching(pattern, limit).includes(true),
      () => true,
    );
    return known ? [] : [{ code: "unknown-action", path: actions.path, message: `${shown} is no action of S3` }];
  });
}

type TargetsOf = ReturnType<typeof targetsAnywhere>;

/** Actions on objects with the bucket's ARN, and the other way round: such a statement never matches. */
function lintResources(statement: Statement, targetsOf: TargetsOf, budget: Budget): LintFinding[] {
  const { resources, actions } = statement;
  if (resources === undefined) return [];
  const odd = resources.patterns.filter((pattern) => !/^(arn:|\*|\?|\$)/.test(pattern));
  const findings = odd.map((pattern): LintFinding => {
    return { code: "not-an-arn", path: resources.path, message: `${JSON.stringify(pattern)} is no ARN` };
  });
  if (resources.negated || actions.negated || resources.patterns.includes("*")) return findings;

  const reach = reachOf(statement, "widest", budget);
  const named = S3_ACTIONS.filter((action) => names(reach, action, budget));
  const fitting = new Map<string, boolean>();
  const fits = ({ id, region }: Target): boolean => {
    const known = fitting.get(id) ?? witness(touchedPart(reach, region), budget) !== undefined;
    fitting.set(id, known);
    return known;
  };
  const apart = named.filter((action) => !targetsOf(action).some(fits));
  const literal = apart.filter(({ lower }) => actions.patterns.some((pattern) => pattern.toLowerCase() === lower));
  const [example] = apart.length === named.length ? apart : literal;
  if (example === undefined) return findings;
  const message = `no ARN here is one that ${example.name} is about`;
  return [...findings, { code: "action-without-resource", path: resources.path, message }];
}

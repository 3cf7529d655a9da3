import { s3ActionsOf } from "./action-set.ts";
import { type Budget, withinBudget } from "./budget.ts";
import type { Condition } from "./condition.ts";
import { parseBoolean } from "./condition-value.ts";
import { ABSENT_KEY, suits, truthOfCondition } from "./evaluate.ts";
import type { LintCode, LintFinding } from "./lint.ts";
import { hasVariable } from "./policy-pattern.ts";
import { actionHasKey, S3_ACTIONS, typeOfKey } from "./s3-service.ts";
import type { Statement } from "./statement.ts";

/** Conditions that can never match, always match, or compare with something else than was meant. */
export function lintConditions(statement: Statement, budget: Budget): LintFinding[] {
  return [
    ...statement.conditions.flatMap((condition) => lintCondition(condition, statement)),
    ...withinBudget(
      budget,
      (limit) => keysNeverPresent(statement, limit),
      () => [],
    ),
    ...contradictions(statement.conditions),
    ...duplicates(statement.conditions),
  ];
}

function lintCondition({ operator, key, keyName, values, path }: Condition, statement: Statement): LintFinding[] {
  const findings: LintFinding[] = [];
  const add = (code: LintCode, message: string): void => {
    findings.push({ code, path, message });
  };
  const type = typeOfKey(keyName);
  if (type === undefined && /^(s3|aws):/.test(keyName))
    add("unknown-key", `${key} is no condition key that S3 or IAM has`);
  if (operator.family !== "null" && !suits(operator.family, type)) {
    add("type-mismatch", `${operator.name} does not compare values of ${key}`);
  }
  const starred = values.find((value) => /[*?]/.test(value) && !hasVariable(value, statement.version));
  if (operator.family === "string" && operator.comparison !== "like" && starred !== undefined) {
    add("literal-wildcard", `${operator.name} takes ${JSON.stringify(starred)} literally; wildcards need StringLike`);
  }
  if (operator.qualifier === "all" && statement.effect === "Allow") {
    add("for-all-values", `${operator.name} also holds for requests without ${key}`);
  }
  return findings;
}

/** A key that no request for the statement's actions carries. */
function keysNeverPresent(statement: Statement, budget: Budget): LintFinding[] {
  const keys = statement.conditions.filter(
    ({ keyName }) => keyName.startsWith("s3:") && typeOfKey(keyName) !== undefined,
  );
  if (keys.length === 0) return [];
  const named = s3ActionsOf(statement.actions, budget);
  const actions = S3_ACTIONS.filter(({ index }) => named[index]);
  return keys.flatMap((condition): LintFinding[] => {
    const never = truthOfCondition(condition, statement.version, ABSENT_KEY, budget) === "never";
    if (!never || actions.length === 0 || actions.some((action) => actionHasKey(action, condition.keyName))) return [];
    const message = `no request for these actions carries ${condition.key}, so the statement never applies`;
    return [{ code: "key-never-present", path: condition.path, message }];
  });
}

/** A key that must be absent and, in another condition, have a value. */
function contradictions(conditions: readonly Condition[]): LintFinding[] {
  const absent = conditions.filter(
    ({ operator, values }) => operator.family === "null" && values.every((value) => parseBoolean(value) === true),
  );
  return absent.flatMap(({ keyName, key, path }) => {
    const wanted = conditions.some(
      ({ operator, keyName: other }) =>
        other === keyName &&
        operator.family !== "null" &&
        !operator.negated &&
        !operator.ifExists &&
        operator.qualifier !== "all",
    );
    return wanted ? [{ code: "contradiction" as const, path, message: `${key} must be absent and have a value` }] : [];
  });
}

function duplicates(conditions: readonly Condition[]): LintFinding[] {
  return conditions.flatMap(({ operator, key, keyName, path }, index) => {
    const twice = conditions.some(
      (other, place) => place < index && other.keyName === keyName && other.operator.name === operator.name,
    );
    return twice
      ? [{ code: "duplicate-key" as const, path, message: `${key} is there twice under ${operator.name}` }]
      : [];
  });
}

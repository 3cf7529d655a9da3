/** Policies of which a part is not known, filled with what the part could be: harmless, foreign, and open to all. */
import { UNKNOWN } from "./outline.ts";
import type { Surroundings } from "./representatives.ts";

/** What stands in the place of each element that is not known. */
interface Filling {
  readonly principal: string;
  readonly resource: readonly string[];
  readonly action: string;
  readonly effect: "Allow" | "Deny";
  /** Of a condition. */
  readonly value: string;
}

/** @param models policies whose statements stand for a statement that is not known as a whole */
export function filledPolicies(
  outline: unknown,
  models: readonly unknown[],
  surroundings: Surroundings,
): readonly unknown[] {
  if (!hasUnknownStatement(outline)) return fillingsFor(surroundings).map((filling) => filled(outline, filling));
  // what the statement does matters more than how the rest is filled
  const [harmless] = fillingsFor(surroundings);
  return models.map((model) => filled(withStatements(outline, statementsOf(model)), harmless));
}

function fillingsFor({ arn, accountId }: Surroundings): readonly [Filling, Filling, Filling] {
  const account = accountId ?? "111122223333";
  const everywhere = [arn, `${arn}/*`];
  return [
    {
      principal: `arn:aws:iam::${account}:root`,
      resource: everywhere,
      action: "s3:PutObject",
      effect: "Deny",
      value: `arn:aws:iam::${account}:role/some`,
    },
    {
      principal: "arn:aws:iam::999999999999:root",
      resource: everywhere,
      action: "s3:*",
      effect: "Allow",
      value: "arn:aws:iam::999999999999:role/some",
    },
    { principal: "*", resource: everywhere, action: "s3:*", effect: "Allow", value: "*" },
  ];
}

function filled(value: unknown, filling: Filling, element: keyof Filling = "value"): unknown {
  if (value === UNKNOWN) return filling[element];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => filled(item, filling, element));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]: [string, unknown]) => {
    return [name, filled(member, filling, elementOf(name) ?? element)] as const;
  });
  return Object.fromEntries(members);
}

function elementOf(name: string): keyof Filling | undefined {
  if (/^(Not)?Principal$/.test(name)) return "principal";
  if (/^(Not)?Resource$/.test(name)) return "resource";
  if (/^(Not)?Action$/.test(name)) return "action";
  if (name === "Effect") return "effect";
  return name === "Condition" ? "value" : undefined;
}

function hasUnknownStatement(outline: unknown): boolean {
  return statementsOf(outline).includes(UNKNOWN);
}

function withStatements(outline: unknown, others: readonly unknown[]): unknown {
  const statements = statementsOf(outline).flatMap((statement) => (statement === UNKNOWN ? others : [statement]));
  // a policy without statements is none
  return statements.length === 0 ? undefined : { ...(outline as object), Statement: statements };
}

function statementsOf(policy: unknown): readonly unknown[] {
  if (typeof policy !== "object" || policy === null || !("Statement" in policy)) return [];
  return Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement];
}

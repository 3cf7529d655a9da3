/** What an operator compares; decides how values are read and which keys it suits. */
export type OperatorFamily = "string" | "numeric" | "date" | "bool" | "binary" | "ip" | "arn" | "null";

export type Comparison =
  | "equals"
  | "equals-ignoring-case"
  | "like"
  | "less"
  | "less-or-equal"
  | "greater"
  | "greater-or-equal"
  | "present";

/** `ForAllValues:` and `ForAnyValue:`, for keys with a set of values. */
export type SetQualifier = "all" | "any";

/** A condition operator taken apart: `ForAllValues:StringNotLikeIfExists` has all three additions. */
export interface Operator {
  /** The base name as AWS writes it, with prefix and suffix. */
  readonly name: string;
  readonly family: OperatorFamily;
  readonly comparison: Comparison;
  readonly negated: boolean;
  readonly ifExists: boolean;
  readonly qualifier: SetQualifier | undefined;
}

const BASES: readonly (readonly [string, OperatorFamily, Comparison, boolean])[] = [
  ["StringEquals", "string", "equals", false],
  ["StringNotEquals", "string", "equals", true],
  ["StringEqualsIgnoreCase", "string", "equals-ignoring-case", false],
  ["StringNotEqualsIgnoreCase", "string", "equals-ignoring-case", true],
  ["StringLike", "string", "like", false],
  ["StringNotLike", "string", "like", true],
  ["NumericEquals", "numeric", "equals", false],
  ["NumericNotEquals", "numeric", "equals", true],
  ["NumericLessThan", "numeric", "less", false],
  ["NumericLessThanEquals", "numeric", "less-or-equal", false],
  ["NumericGreaterThan", "numeric", "greater", false],
  ["NumericGreaterThanEquals", "numeric", "greater-or-equal", false],
  ["DateEquals", "date", "equals", false],
  ["DateNotEquals", "date", "equals", true],
  ["DateLessThan", "date", "less", false],
  ["DateLessThanEquals", "date", "less-or-equal", false],
  ["DateGreaterThan", "date", "greater", false],
  ["DateGreaterThanEquals", "date", "greater-or-equal", false],
  ["Bool", "bool", "equals", false],
  ["BinaryEquals", "binary", "equals", false],
  ["IpAddress", "ip", "equals", false],
  ["NotIpAddress", "ip", "equals", true],
  // AWS evaluates ArnEquals and ArnLike alike: both take wildcards
  ["ArnEquals", "arn", "like", false],
  ["ArnLike", "arn", "like", false],
  ["ArnNotEquals", "arn", "like", true],
  ["ArnNotLike", "arn", "like", true],
  ["Null", "null", "present", false],
];

const QUALIFIERS: readonly (readonly [string, SetQualifier])[] = [
  ["ForAllValues", "all"],
  ["ForAnyValue", "any"],
];

const OPERATORS: ReadonlyMap<string, Operator> = new Map(allOperators().map((item) => [item.name.toLowerCase(), item]));

/** Operator names are not case-sensitive. Undefined for a name that AWS does not have. */
export function parseOperator(text: string): Operator | undefined {
  return OPERATORS.get(text.toLowerCase());
}

function allOperators(): Operator[] {
  const plain = BASES.map(([name, family, comparison, negated]): Operator => {
    return { name, family, comparison, negated, ifExists: false, qualifier: undefined };
  });
  // Null itself asks whether the key exists, so AWS has no IfExists form of it
  const optional = plain
    .filter(({ family }) => family !== "null")
    .map((operator) => ({ ...operator, name: `${operator.name}IfExists`, ifExists: true }));
  const single = [...plain, ...optional];
  const sets = QUALIFIERS.flatMap(([prefix, qualifier]) =>
    single
      .filter(({ family }) => family !== "null")
      .map((operator) => ({ ...operator, name: `${prefix}:${operator.name}`, qualifier })),
  );
  return [...single, ...sets];
}

import { type Operator, parseOperator } from "./condition-operator.ts";
import { problemOfValue } from "./condition-value.ts";
import type { Refuse } from "./document.ts";
import { type JsonNode, memberPath } from "./json-node.ts";

/** One key of one operator. The conditions of a statement are ANDed, the values of one condition ORed. */
export interface Condition {
  readonly operator: Operator;
  /** As written. */
  readonly key: string;
  /** Lower case: keys are not case-sensitive. */
  readonly keyName: string;
  readonly values: readonly string[];
  readonly path: string;
}

const KEY = /^[A-Za-z0-9-]+:\S/;

export function parseConditions(node: JsonNode, path: string, refuse: Refuse): Condition[] {
  if (node.kind !== "object") return refuse(node, path, "is not a JSON object");
  return node.members.flatMap(({ name, value, offset }) => {
    const operatorPath = memberPath(path, name);
    const operator = parseOperator(name);
    if (operator === undefined) return refuse({ offset }, operatorPath, "is no condition operator");
    if (value.kind !== "object") return refuse(value, operatorPath, "is not a JSON object of keys and values");
    return value.members.map((member) => {
      const keyPath = memberPath(operatorPath, member.name);
      if (!KEY.test(member.name)) return refuse(member, keyPath, "is no condition key such as aws:SourceIp");
      const values = valuesOf(member.value, operator, keyPath, refuse);
      return { operator, key: member.name, keyName: member.name.toLowerCase(), values, path: keyPath };
    });
  });
}

function valuesOf(node: JsonNode, operator: Operator, path: string, refuse: Refuse): string[] {
  const items = node.kind === "array" ? node.items : [node];
  if (items.length === 0) return refuse(node, path, "is an empty list");
  return items.map((item, index) => {
    const itemPath = node.kind === "array" ? `${path}[${index}]` : path;
    const value = scalarText(item, itemPath, refuse);
    const problem = problemOfValue(operator.family, value);
    return problem === undefined ? value : refuse(item, itemPath, problem);
  });
}

/** Quotes are optional for numbers and Booleans. */
function scalarText(node: JsonNode, path: string, refuse: Refuse): string {
  if (node.kind === "string") return node.value;
  if (node.kind === "number") return node.text;
  if (node.kind === "boolean") return String(node.value);
  return refuse(node, path, "is not a string, number or Boolean");
}

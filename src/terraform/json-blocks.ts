/**
 * The same of a file in Terraform's JSON: `{"resource": {"aws_s3_bucket": {"uploads": {…}}}}`. At each level a list of objects may
 * stand for one. Source: Terraform's documentation, "JSON Configuration Syntax".
 */
import { type JsonMember, type JsonNode, positionOf } from "../policy/json-node.ts";
import { readJsonText } from "../policy/json-text.ts";
import { PolicyError } from "../policy/policy-error.ts";
import type { HclBlock } from "./hcl-blocks.ts";

/** Blocks with their labels, as `hclBlocks` has them; none in a file that is no JSON. */
export function jsonBlocks(text: string): readonly HclBlock[] {
  const content = text.replace(/^\uFEFF/, "");
  return membersOf(rootOf(content)).flatMap(({ name, value }) => {
    const labels = labelCount.get(name);
    return labels === undefined ? [] : blocksIn(value, labels, { content, type: name, labels: [] });
  });
}

const labelCount: ReadonlyMap<string, number> = new Map([
  ["resource", 2],
  ["data", 2],
  ["module", 1],
]);

const bounds = { characters: 4_194_304, depth: 64 };

function rootOf(text: string): JsonNode | undefined {
  try {
    return readJsonText(text, bounds);
  } catch (error) {
    if (error instanceof PolicyError) return undefined;
    throw error;
  }
}

interface Place {
  readonly content: string;
  readonly type: string;
  readonly labels: readonly string[];
}

/** @param left labels that are still to come */
function blocksIn(node: JsonNode, left: number, { content, type, labels }: Place): readonly HclBlock[] {
  return membersOf(node).flatMap(({ name, value, offset }): readonly HclBlock[] => {
    const place = { content, type, labels: [...labels, name] };
    if (left > 1) return blocksIn(value, left - 1, place);
    return [{ type, labels: place.labels, line: positionOf(content, offset).line, source: sourceOf(value) }];
  });
}

/** Of an object, or of all the objects of a list. */
function membersOf(node: JsonNode | undefined): readonly JsonMember[] {
  if (node?.kind === "array") return node.items.flatMap((item) => (item.kind === "object" ? item.members : []));
  return node?.kind === "object" ? node.members : [];
}

function sourceOf(node: JsonNode): string | undefined {
  const source = membersOf(node).find(({ name }) => name === "source")?.value;
  return source?.kind === "string" ? source.value : undefined;
}

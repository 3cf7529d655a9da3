/** The part `configuration` of a plan: what was written, without values that had to be computed, and without locals. */
import type { ModuleStep } from "./address.ts";
import { entriesOf, isObject, listOf, memberOf, textOf, textsOf } from "./json-value.ts";

export interface ModuleConfig {
  /** `aws_s3_bucket.this`, `data.aws_iam_policy_document.x` -> what was written. */
  readonly resources: ReadonlyMap<string, ResourceConfig>;
  readonly calls: ReadonlyMap<string, ModuleCall>;
  /** Name -> expression. */
  readonly outputs: ReadonlyMap<string, unknown>;
}

export interface ResourceConfig {
  readonly expressions: unknown;
  readonly forEach: unknown;
  readonly providerKey: string | undefined;
}

export interface ModuleCall {
  readonly source: string | undefined;
  readonly expressions: unknown;
  readonly forEach: unknown;
  readonly module: ModuleConfig;
}

export interface Configuration {
  readonly root: ModuleConfig;
  /** Key of a provider's configuration -> the region that stands in it. */
  readonly regions: ReadonlyMap<string, string>;
}

/** Nobody nests modules deeper. */
const deepest = 64;

export function configurationOf(document: unknown): Configuration | undefined {
  const configuration = memberOf(document, "configuration");
  if (!isObject(configuration)) return undefined;
  return { root: moduleConfig(memberOf(configuration, "root_module"), 0), regions: regionsOf(configuration) };
}

/** The module at the end of the steps, whatever their keys. */
export function moduleAt({ root }: Configuration, steps: readonly ModuleStep[]): ModuleConfig | undefined {
  return steps.reduce<ModuleConfig | undefined>((module, { name }) => module?.calls.get(name)?.module, root);
}

/** What an expression names, each thing once and as exactly as it is told: the plan lists `a.b.id` and `a.b`. */
export function referencesIn(expression: unknown): readonly string[] {
  const all = [...new Set(textsOf(memberOf(expression, "references")))];
  return all.filter((one) => !all.some((other) => goesOn(one, other)));
}

function goesOn(one: string, other: string): boolean {
  return other.startsWith(`${one}.`) || other.startsWith(`${one}[`);
}

export function constantIn(expression: unknown): unknown {
  return memberOf(expression, "constant_value");
}

function moduleConfig(module: unknown, depth: number): ModuleConfig {
  const resources = new Map<string, ResourceConfig>();
  for (const resource of listOf(memberOf(module, "resources"))) {
    const address = textOf(memberOf(resource, "address"));
    if (address === undefined) continue;
    resources.set(address, {
      expressions: memberOf(resource, "expressions"),
      forEach: memberOf(resource, "for_each_expression"),
      providerKey: textOf(memberOf(resource, "provider_config_key")),
    });
  }
  const calls = new Map<string, ModuleCall>();
  const called = depth < deepest ? entriesOf(memberOf(module, "module_calls")) : [];
  for (const [name, call] of called) {
    calls.set(name, {
      source: textOf(memberOf(call, "source")),
      expressions: memberOf(call, "expressions"),
      forEach: memberOf(call, "for_each_expression"),
      module: moduleConfig(memberOf(call, "module"), depth + 1),
    });
  }
  const outputs = entriesOf(memberOf(module, "outputs")).map(
    ([name, output]) => [name, memberOf(output, "expression")] as const,
  );
  return { resources, calls, outputs: new Map(outputs) };
}

/** Nothing else of a provider is looked at: keys may stand beside it. */
function regionsOf(configuration: unknown): ReadonlyMap<string, string> {
  const regions = entriesOf(memberOf(configuration, "provider_config")).flatMap(([key, provider]) => {
    const region = constantIn(memberOf(memberOf(provider, "expressions"), "region"));
    return typeof region === "string" ? [[key, region] as const] : [];
  });
  return new Map(regions);
}

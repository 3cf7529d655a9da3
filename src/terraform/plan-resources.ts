/** The JSON of a plan or a state -> its resources. */
import type { InstanceKey } from "./address.ts";
import { entriesOf, isObject, type JsonObject, listOf, memberOf, textOf } from "./json-value.ts";
import { refusedNesting } from "./refusal.ts";
import type { Change, Resource } from "./resource.ts";
import { objectWithUnknownParts } from "./unknown-parts.ts";

/** Changes tell more than values; a plan that only refreshes has none, and what was read already stands in the prior state. */
export function resourcesOfPlan(plan: JsonObject): readonly Resource[] {
  const changes = listOf(memberOf(plan, "resource_changes")).flatMap(changedResource);
  const known = new Set(changes.map(({ address }) => address));
  const prior = valuesIn(memberOf(memberOf(plan, "prior_state"), "values"));
  // a plan that only refreshes plans no values either: what it read is all there is
  const isRefresh = !Object.hasOwn(plan, "resource_changes") && Object.hasOwn(plan, "prior_state");
  const rest = [
    ...valuesIn(memberOf(plan, "planned_values")),
    ...prior.filter(({ mode }) => mode === "data" || isRefresh),
  ].filter(({ address }) => !known.has(address));
  const byAddress = new Map(rest.map((resource) => [resource.address, resource]));
  return [...changes, ...byAddress.values()];
}

export function resourcesOfState(state: JsonObject): readonly Resource[] {
  return valuesIn(memberOf(state, "values"));
}

function changedResource(entry: unknown): readonly Resource[] {
  const identity = identityOf(entry, textOf(memberOf(entry, "module_address")) ?? "");
  const change = memberOf(entry, "change");
  // a deposed object is what is left of an earlier replacement: the resource itself has another entry
  if (identity === undefined || !isObject(change) || Object.hasOwn(entry as object, "deposed")) return [];
  const before = memberOf(change, "before");
  const after = memberOf(change, "after");
  const unknown = memberOf(change, "after_unknown");
  const kind = changeOf(listOf(memberOf(change, "actions")));
  const isGone = kind === "delete" || kind === "forget";
  const common = {
    ...identity,
    change: kind,
    before: isObject(before) ? before : undefined,
    sensitive: memberOf(change, isGone ? "before_sensitive" : "after_sensitive"),
  };
  if (isGone || (!isObject(after) && !isObject(unknown))) return [{ ...common, after: undefined }];
  return [withAfter(common, isObject(after) ? after : {}, isObject(unknown) ? unknown : {})];
}

/** Put together when it is asked for: most resources of a plan are no bucket's. */
function withAfter(common: Omit<Resource, "after">, after: JsonObject, unknown: JsonObject): Resource {
  let made: JsonObject | undefined;
  return {
    ...common,
    get after() {
      made ??= objectWithUnknownParts(after, unknown);
      return made;
    },
  };
}

function changeOf(actions: readonly unknown[]): Change {
  const has = (action: string) => actions.includes(action);
  if (has("delete") && has("create")) return "replace";
  if (has("forget") && has("create")) return "create";
  const single = (["create", "update", "delete", "forget", "read"] as const).find(has);
  return single ?? "none";
}

/** `planned_values` and `values` of a state: modules in modules. */
function valuesIn(values: unknown): readonly Resource[] {
  const found: Resource[] = [];
  const visit = (module: unknown, depth: number): void => {
    if (depth > deepest) throw refusedNesting();
    const address = textOf(memberOf(module, "address")) ?? "";
    for (const entry of listOf(memberOf(module, "resources"))) {
      const identity = identityOf(entry, address);
      const attributes = memberOf(entry, "values");
      if (identity === undefined || !isObject(attributes) || Object.hasOwn(entry as object, "deposed_key")) continue;
      found.push({
        ...identity,
        change: "none",
        before: undefined,
        after: attributes,
        sensitive: memberOf(entry, "sensitive_values"),
      });
    }
    for (const child of listOf(memberOf(module, "child_modules"))) visit(child, depth + 1);
  };
  visit(memberOf(values, "root_module"), 0);
  return found;
}

const deepest = 100;

type Identity = Pick<Resource, "address" | "module" | "mode" | "type" | "name" | "key">;

function identityOf(entry: unknown, module: string): Identity | undefined {
  const address = textOf(memberOf(entry, "address"));
  const type = textOf(memberOf(entry, "type"));
  const name = textOf(memberOf(entry, "name"));
  if (address === undefined || type === undefined || name === undefined) return undefined;
  if (!isAwsProvider(memberOf(entry, "provider_name"))) return undefined;
  const mode = memberOf(entry, "mode") === "data" ? "data" : "managed";
  return { address, module, mode, type, name, key: instanceKey(memberOf(entry, "index")) };
}

export function instanceKey(index: unknown): InstanceKey {
  return typeof index === "string" || typeof index === "number" ? index : undefined;
}

/** Whatever registry or mirror it came from. A file without the name is taken at its word. */
export function isAwsProvider(name: unknown): boolean {
  return name === undefined || (typeof name === "string" && /(?:^|\/)hashicorp\/aws(?:"\]|$)/.test(name));
}

export function variablesOf(plan: JsonObject): JsonObject {
  const values = entriesOf(memberOf(plan, "variables")).map(
    ([name, variable]) => [name, memberOf(variable, "value")] as const,
  );
  return Object.fromEntries(values);
}

/** terraform.tfstate itself, version 4: what people have at hand, readable without Terraform. */
import { keyText } from "./address.ts";
import { isObject, type JsonObject, listOf, memberOf, textOf } from "./json-value.ts";
import { instanceKey, isAwsProvider } from "./plan-resources.ts";
import type { Resource } from "./resource.ts";

export function resourcesOfRawState(state: JsonObject): readonly Resource[] {
  return listOf(memberOf(state, "resources")).flatMap((entry) => {
    const type = textOf(memberOf(entry, "type"));
    const name = textOf(memberOf(entry, "name"));
    const provider = textOf(memberOf(entry, "provider"));
    // `provider["registry/hashicorp/aws"].alias`
    if (type === undefined || name === undefined || !isAwsProvider(provider?.replace(/\.[^."\]]+$/, ""))) return [];
    const mode = memberOf(entry, "mode") === "data" ? "data" : "managed";
    const module = textOf(memberOf(entry, "module")) ?? "";
    return listOf(memberOf(entry, "instances")).flatMap((instance): readonly Resource[] => {
      const attributes = memberOf(instance, "attributes");
      if (!isObject(attributes) || textOf(memberOf(instance, "deposed")) !== undefined) return [];
      const key = instanceKey(memberOf(instance, "index_key"));
      const local = `${mode === "data" ? "data." : ""}${type}.${name}${keyText(key)}`;
      return [
        {
          address: module === "" ? local : `${module}.${local}`,
          module,
          mode,
          type,
          name,
          key,
          change: "none",
          before: undefined,
          after: attributes,
          sensitive: sensitiveMarks(memberOf(instance, "sensitive_attributes")),
        },
      ];
    });
  });
}

/** Paths of steps, `[{"type":"get_attr","value":"policy"}]`: only the first step is looked at, which marks at least as much. */
function sensitiveMarks(paths: unknown): JsonObject {
  const names = listOf(paths).flatMap((path) => {
    const first = Array.isArray(path) ? path[0] : path;
    return textOf(memberOf(first, "value")) ?? [];
  });
  return Object.fromEntries(names.map((name) => [name, true]));
}

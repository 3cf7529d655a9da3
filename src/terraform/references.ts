/**
 * What an expression leads to. A plan lists what an expression names, not how: through variables of modules, outputs and
 * `each.value` the resources behind it are found, with the key of the instance going along.
 */
import { type InstanceKey, keyFrom, type ModuleStep, moduleAddress, moduleSteps } from "./address.ts";
import { constantIn, type ModuleConfig, moduleAt, referencesIn } from "./configuration.ts";
import { isObject, memberOf } from "./json-value.ts";
import type { Resource } from "./resource.ts";
import { localName, type ResourceIndex } from "./resource-index.ts";

export interface Targets {
  /** Instances that the file holds. */
  readonly resources: readonly Resource[];
  /** Plain text that stands there instead, such as a name that a variable has. */
  readonly texts: readonly string[];
  /** It also leads to something that a plan does not tell: a local. */
  readonly opaque: boolean;
}

/** Where an expression stands: in which instance of which module, and which instance of what is written there. */
export interface Scope {
  readonly steps: readonly ModuleStep[];
  readonly key: InstanceKey;
  /** Of the resource or the call of a module that the expression belongs to. */
  readonly forEach: unknown;
}

export const NOTHING: Targets = { resources: [], texts: [], opaque: false };

/** Longer chains are nobody's. */
const longest = 40;

export function scopeOf(resource: Resource, index: ResourceIndex): Scope {
  return { steps: moduleSteps(resource.module), key: resource.key, forEach: index.configOf(resource)?.forEach };
}

export function targetsOf(expression: unknown, scope: Scope, index: ResourceIndex): Targets {
  return new Resolver(index).expression(expression, scope, { depth: 0, attribute: undefined });
}

interface Way {
  readonly depth: number;
  /** The member of `each.value` or of a module that is asked for, where the plan tells. */
  readonly attribute: string | undefined;
  /** The key of the instance, where the expression is a collection of which one member is meant. */
  readonly member?: { readonly key: InstanceKey };
}

class Resolver {
  readonly #index: ResourceIndex;

  constructor(index: ResourceIndex) {
    this.#index = index;
  }

  expression(expression: unknown, scope: Scope, way: Way): Targets {
    if (way.depth > longest) return { ...NOTHING, opaque: true };
    const constant = constantIn(expression);
    if (typeof constant === "string") return { ...NOTHING, texts: [constant] };
    const references = referencesIn(expression);
    const isByKey = references.includes("each.key") || references.includes("count.index");
    const next = { ...way, depth: way.depth + 1, ...(isByKey ? { member: { key: scope.key } } : {}) };
    return union(references.map((reference) => this.#reference(reference, scope, next)));
  }

  #reference(reference: string, scope: Scope, way: Way): Targets {
    const [root = "", rest = ""] = splitAt(reference, ".");
    switch (root) {
      case "var":
        return this.#variable(splitAt(rest, /[.[]/)[0] ?? "", scope, way);
      case "module":
        return this.#output(rest, scope, way);
      case "each":
        return rest.startsWith("value") ? this.#eachValue(rest.slice("value.".length), scope, way) : NOTHING;
      case "local":
        return { ...NOTHING, opaque: true };
      case "count":
      case "path":
      case "terraform":
      case "self":
        return NOTHING;
      default:
        return this.#resource(reference, scope, way);
    }
  }

  #variable(name: string, scope: Scope, way: Way): Targets {
    const last = scope.steps.at(-1);
    if (last === undefined) {
      const value = memberOf(this.#index.terraform.variables, name);
      return typeof value === "string" ? { ...NOTHING, texts: [value] } : NOTHING;
    }
    const steps = scope.steps.slice(0, -1);
    const call = this.#module(steps)?.calls.get(last.name);
    return this.expression(memberOf(call?.expressions, name), { steps, key: last.key, forEach: call?.forEach }, way);
  }

  /** `stack["red"].bucket_id`, `stack.bucket_id`, or `stack` alone where the key is computed. */
  #output(rest: string, scope: Scope, way: Way): Targets {
    const { name, key, attribute } = namePart(rest);
    const module = this.#module([...scope.steps, { name, key: undefined }]);
    if (module === undefined) return NOTHING;
    const asked = attribute ?? way.attribute;
    const outputs = asked === undefined ? [...module.outputs.values()] : [module.outputs.get(asked)];
    const keys = key === undefined ? this.#moduleKeys(scope.steps, name, way) : [key];
    return union(
      keys.flatMap((one) =>
        outputs.map((output) => {
          const inside = { steps: [...scope.steps, { name, key: one }], key: undefined, forEach: undefined };
          return this.expression(output, inside, { depth: way.depth, attribute: undefined });
        }),
      ),
    );
  }

  /** The one that the asker has, where the module is made for each; else all that there are. */
  #moduleKeys(steps: readonly ModuleStep[], name: string, { member }: Way): readonly InstanceKey[] {
    const keys = this.#index.moduleKeys(moduleAddress([...steps, { name, key: undefined }]));
    return member !== undefined && keys.includes(member.key) ? [member.key] : keys;
  }

  /** One member of what the resource is made for. */
  #eachValue(attribute: string, scope: Scope, way: Way): Targets {
    const { forEach, key } = scope;
    if (forEach === undefined) return NOTHING;
    const asked = attribute === "" ? undefined : splitAt(attribute, /[.[]/)[0];
    const constant = constantIn(forEach);
    if (isObject(constant) && typeof key === "string") return constantMember(memberOf(constant, key), asked);
    return this.expression(forEach, scope, { depth: way.depth, attribute: asked, member: { key } });
  }

  #resource(reference: string, scope: Scope, { member }: Way): Targets {
    const isData = reference.startsWith("data.");
    const [type = "", rest = ""] = splitAt(isData ? reference.slice("data.".length) : reference, ".");
    const { name, key } = namePart(rest);
    const local = localName({ mode: isData ? "data" : "managed", type, name });
    const all = this.#index.instances(moduleAddress(scope.steps), local);
    if (key !== undefined) return { ...NOTHING, resources: all.filter((one) => one.key === key) };
    const own = member === undefined ? [] : all.filter((one) => one.key === member.key);
    return { ...NOTHING, resources: own.length > 0 ? own : all };
  }

  #module(steps: readonly ModuleStep[]): ModuleConfig | undefined {
    const { configuration } = this.#index.terraform;
    return configuration === undefined ? undefined : moduleAt(configuration, steps);
  }
}

/** `this[0].id` -> name, key, and what is asked of it. */
function namePart(text: string): {
  readonly name: string;
  readonly key: InstanceKey;
  readonly attribute: string | undefined;
} {
  const [, name = "", key, attribute] = /^([^.[\]]+)(?:\[("(?:[^"\\]|\\.)*"|\d+)\])?(?:\.([^.[\]]+))?/.exec(text) ?? [];
  return { name, key: keyFrom(key), attribute };
}

function constantMember(value: unknown, attribute: string | undefined): Targets {
  const text = attribute === undefined ? value : memberOf(value, attribute);
  return typeof text === "string" ? { ...NOTHING, texts: [text] } : NOTHING;
}

function union(all: readonly Targets[]): Targets {
  return {
    resources: [...new Set(all.flatMap(({ resources }) => resources))],
    texts: [...new Set(all.flatMap(({ texts }) => texts))],
    opaque: all.some(({ opaque }) => opaque),
  };
}

function splitAt(text: string, separator: string | RegExp): readonly string[] {
  const at = typeof separator === "string" ? text.indexOf(separator) : text.search(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

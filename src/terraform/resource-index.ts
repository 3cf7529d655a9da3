/** The resources of a file, found by address, by type, and by where they are written. */
import { type InstanceKey, moduleAddress, moduleSteps } from "./address.ts";
import { moduleAt, type ResourceConfig } from "./configuration.ts";
import type { Resource, Terraform } from "./resource.ts";

export interface ResourceIndex {
  readonly terraform: Terraform;
  byType(type: string): readonly Resource[];
  /** All instances of what is written once; `local` is `aws_s3_bucket.this` or `data.aws_s3_bucket.this`. */
  instances(module: string, local: string): readonly Resource[];
  /** What was written; undefined where the file does not hold it. */
  configOf(resource: Resource): ResourceConfig | undefined;
  /** The keys of a module's instances, whose address is given without its own key; `undefined` for one without. */
  moduleKeys(address: string): readonly InstanceKey[];
}

export function indexResources(terraform: Terraform): ResourceIndex {
  const types = grouped(terraform.resources, ({ mode, type }) => (mode === "data" ? `data.${type}` : type));
  const written = grouped(terraform.resources, (resource) => placeName(resource.module, localName(resource)));
  const configs = new Map<string, ResourceConfig | undefined>();
  const { configuration } = terraform;
  const keys = moduleKeysIn(terraform.resources);
  return {
    terraform,
    byType: (type) => types.get(type) ?? [],
    instances: (module, local) => written.get(placeName(module, local)) ?? [],
    moduleKeys: (address) => keys.get(address) ?? [],
    configOf(resource) {
      if (configuration === undefined) return undefined;
      const place = placeName(resource.module, localName(resource));
      if (!configs.has(place)) {
        const module = moduleAt(configuration, moduleSteps(resource.module));
        configs.set(place, module?.resources.get(localName(resource)));
      }
      return configs.get(place);
    },
  };
}

export function localName({ mode, type, name }: Pick<Resource, "mode" | "type" | "name">): string {
  return `${mode === "data" ? "data." : ""}${type}.${name}`;
}

function placeName(module: string, local: string): string {
  return `${module}\n${local}`;
}

function grouped(resources: readonly Resource[], nameOf: (resource: Resource) => string): Map<string, Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const resource of resources) {
    const name = nameOf(resource);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [resource]);
    else group.push(resource);
  }
  return groups;
}

function moduleKeysIn(resources: readonly Resource[]): ReadonlyMap<string, readonly InstanceKey[]> {
  const keys = new Map<string, InstanceKey[]>();
  for (const module of new Set(resources.map((resource) => resource.module))) {
    const steps = moduleSteps(module);
    for (const [at, { name, key }] of steps.entries()) {
      const address = moduleAddress([...steps.slice(0, at), { name, key: undefined }]);
      const known = keys.get(address) ?? [];
      keys.set(address, known.includes(key) ? known : [...known, key]);
    }
  }
  return keys;
}

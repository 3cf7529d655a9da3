/** Addresses of Terraform: `module.team["blue"].aws_s3_bucket.this[0]`. */

export type InstanceKey = string | number | undefined;

export interface ModuleStep {
  readonly name: string;
  readonly key: InstanceKey;
}

/** `module.a["x"].module.b` -> its steps from the root on; the root has none. */
export function moduleSteps(address: string): readonly ModuleStep[] {
  const known = parsed.get(address);
  if (known !== undefined) return known;
  const steps: ModuleStep[] = [];
  let rest = address;
  for (;;) {
    const [whole, name, key] = step.exec(rest) ?? [];
    if (whole === undefined || name === undefined) break;
    steps.push({ name, key: keyFrom(key) });
    rest = rest.slice(whole.length);
  }
  if (parsed.size > mostParsed) parsed.clear();
  parsed.set(address, steps);
  return steps;
}

export function moduleAddress(steps: readonly ModuleStep[]): string {
  return steps.map(({ name, key }) => `module.${name}${keyText(key)}`).join(".");
}

export function keyText(key: InstanceKey): string {
  if (key === undefined) return "";
  return typeof key === "number" ? `[${key}]` : `[${JSON.stringify(key)}]`;
}

/** What stands between the brackets. */
export function keyFrom(text: string | undefined): InstanceKey {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  try {
    const key: unknown = JSON.parse(text);
    return typeof key === "string" ? key : text;
  } catch {
    return text;
  }
}

const step = /^\.?module\.([^.[\]]+)(?:\[("(?:[^"\\]|\\.)*"|\d+)\])?/;
const parsed = new Map<string, readonly ModuleStep[]>();
const mostParsed = 10_000;

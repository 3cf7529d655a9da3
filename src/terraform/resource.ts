/** Resources as a plan or a state tells of them, in one shape. */
import type { InstanceKey } from "./address.ts";
import type { Configuration } from "./configuration.ts";
import type { JsonObject } from "./json-value.ts";

/** What apply does to it; `none` also for all that a state holds, `forget` for what is only no longer managed. */
export type Change = "create" | "update" | "replace" | "delete" | "forget" | "read" | "none";

export interface Resource {
  readonly address: string;
  /** `module.a["x"]`; empty for the root. */
  readonly module: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly key: InstanceKey;
  readonly change: Change;
  /** As it is now; undefined for what is not there yet, and for all that a state holds. */
  readonly before: JsonObject | undefined;
  /** As it will be, with `UNKNOWN` in the place of what nobody knows before apply; undefined for what will be gone. */
  readonly after: JsonObject | undefined;
  /** Shaped like `after`: `true` where a value must not be shown. */
  readonly sensitive: unknown;
}

/** All that is read of a file. */
export interface Terraform {
  readonly kind: "plan" | "state";
  /** For reports. */
  readonly source: string;
  readonly resources: readonly Resource[];
  /** Undefined where the file does not hold it, as a state. */
  readonly configuration: Configuration | undefined;
  /** Of the root. They are only compared with names and never shown. */
  readonly variables: JsonObject;
}

import type { PlannedChange } from "../../src/audit/facets.ts";

/** A plan that leaves the bucket and changes something of it. */
export function aChange(before: PlannedChange["before"], changes: Partial<PlannedChange> = {}): PlannedChange {
  return { action: "none", before, removed: [], ...changes };
}

/** What a plan changes of a bucket: rules compare what is now with what will be. */
import type { BucketFacets, Facet, PlannedChange } from "../audit/facets.ts";
import type { BucketPlace, PlannedFacet } from "./bucket-facets.ts";
import { companionTypes } from "./companions.ts";
import { wholeValue } from "./facet-reading.ts";
import { inlineSettings } from "./inline-settings.ts";
import { memberOf } from "./json-value.ts";
import type { ResourceIndex } from "./resource-index.ts";

const compared = ["publicAccessBlock", "policy", "ownership", "encryption", "versioning", "lifecycle"] as const;

/** Absent for a state, which changes nothing. */
export function plannedChange(place: BucketPlace, index: ResourceIndex): PlannedFacet<"change"> {
  const { bucket, settings } = place;
  if (index.terraform.kind === "state") return { reading: { state: "absent" }, addresses: [], sensitive: false };
  const before = Object.fromEntries(
    compared.flatMap((facet) => {
      const value = formerValue(facet, place, index);
      return value === undefined ? [] : [[facet, value] as const];
    }),
  ) as PlannedChange["before"];
  const value: PlannedChange = { action: actionOf(bucket?.change), before, removed: [...settings.removed] };
  return { reading: { state: "present", value }, addresses: [], sensitive: false };
}

function actionOf(change: string | undefined): PlannedChange["action"] {
  return change === "create" || change === "update" || change === "replace" ? change : "none";
}

function formerValue<F extends Facet>(
  facet: F,
  { bucket, settings }: BucketPlace,
  index: ResourceIndex,
): BucketFacets[F] | undefined {
  const companion = settings.former.get(facet);
  if (companion?.before !== undefined) {
    return wholeValue(facet, companionTypes.get(companion.type)?.read(companion.before));
  }
  const inline = inlineSettings.find((one) => one.facet === facet);
  const config = bucket === undefined ? undefined : index.configOf(bucket);
  const isWritten = inline?.attributes.some((name) => memberOf(config?.expressions, name) !== undefined) ?? false;
  if (inline === undefined || bucket?.before === undefined || !isWritten) return undefined;
  return wholeValue(facet, inline.read(bucket.before));
}

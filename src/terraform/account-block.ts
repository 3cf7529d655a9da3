/** The account's own public access block, where the file has it: it covers all buckets of the account. */
import { UNKNOWN } from "../audit/outline.ts";
import { blockFlags } from "./access-settings.ts";
import type { PlannedFacet } from "./bucket-facets.ts";
import { readingFrom } from "./facet-reading.ts";
import type { Resource } from "./resource.ts";
import type { ResourceIndex } from "./resource-index.ts";

export function accountBlock(
  bucket: Resource | undefined,
  index: ResourceIndex,
): PlannedFacet<"accountPublicAccessBlock"> {
  const blocks = index.byType("aws_s3_account_public_access_block").filter(({ after }) => after !== undefined);
  const [only, ...others] = blocks;
  if (only === undefined) return { reading: { state: "absent" }, addresses: [], sensitive: false };
  const addresses = blocks.map(({ address }) => address);
  const isSame =
    others.length === 0 && providerOf(only, index) === (bucket === undefined ? "" : providerOf(bucket, index));
  const outline = blockFlags(only.after);
  if (isSame) {
    return {
      reading: readingFrom("accountPublicAccessBlock", [outline], `known after apply: ${only.address}`),
      addresses,
      sensitive: false,
    };
  }
  const reason = `${addresses.join(", ")} may be another account's: it has another provider configuration than the bucket`;
  const outlines = others.length === 0 ? [outline, undefined] : [UNKNOWN, undefined];
  return { reading: readingFrom("accountPublicAccessBlock", outlines, reason), addresses, sensitive: false };
}

function providerOf(resource: Resource, index: ResourceIndex): string | undefined {
  return index.configOf(resource)?.providerKey;
}

/** What Block Public Access amounts to: a flag counts where the organization, the account or the bucket has it on. */
import {
  type AccessBlocks,
  BLOCK_FLAGS,
  type BlockFlag,
  effectiveFlag,
  organizationBlock,
} from "../policy/access-block.ts";
import { ABSENT, present, type Reading } from "../policy/decision.ts";
import type { BucketFacets } from "./facets.ts";

export interface BlockFacets {
  readonly publicAccessBlock: BucketFacets["publicAccessBlock"] | undefined;
  readonly accountPublicAccessBlock: BucketFacets["accountPublicAccessBlock"] | undefined;
  readonly organizationPublicAccessBlock: BucketFacets["organizationPublicAccessBlock"] | undefined;
}

export function accessBlocksOf(facets: BlockFacets): AccessBlocks {
  const { organizationPublicAccessBlock: setting } = facets;
  return {
    bucket: readingOf(facets.publicAccessBlock),
    account: readingOf(facets.accountPublicAccessBlock),
    organization: setting === undefined ? ABSENT : present(organizationBlock(setting)),
  };
}

export function isBlocked(facets: BlockFacets, flag: BlockFlag): boolean {
  return effectiveFlag(accessBlocksOf(facets), flag).answer === "yes";
}

/** The flags that are off at every level, in the API's order. */
export function missingFlags(facets: BlockFacets): readonly BlockFlag[] {
  return BLOCK_FLAGS.filter((flag) => !isBlocked(facets, flag));
}

function readingOf<T>(value: T | undefined): Reading<T> {
  return value === undefined ? ABSENT : present(value);
}

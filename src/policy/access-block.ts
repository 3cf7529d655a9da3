import { ABSENT, anyOf, type Decision, no, type Reading, unknown, yes } from "./decision.ts";

/** The four switches of Block Public Access, by the names of S3's API. */
export interface AccessBlock {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly RestrictPublicBuckets: boolean;
}

export type BlockFlag = keyof AccessBlock;
export type BlockLevel = "organization" | "account" | "bucket";

export const BLOCK_FLAGS: readonly BlockFlag[] = [
  "BlockPublicAcls",
  "IgnorePublicAcls",
  "BlockPublicPolicy",
  "RestrictPublicBuckets",
];

/** What each level says. Absent is an answer: all four are off there. */
export interface AccessBlocks {
  readonly organization?: Reading<AccessBlock>;
  readonly account?: Reading<AccessBlock>;
  readonly bucket?: Reading<AccessBlock>;
}

export interface FlagDecision extends Decision {
  /** The levels where it is on. */
  readonly levels: readonly BlockLevel[];
}

const LEVELS: readonly BlockLevel[] = ["organization", "account", "bucket"];

/** A flag is in force where any level has it on: the levels combine flag by flag. */
export function effectiveFlag(blocks: AccessBlocks, flag: BlockFlag): FlagDecision {
  const each = LEVELS.map((level) => ({ level, reading: blocks[level] ?? ABSENT }));
  const decisions = each.map(({ level, reading }) => {
    if (reading.state === "unreadable") return unknown(`the ${level}'s public access block: ${reading.reason}`);
    const on = reading.state === "present" && reading.value[flag];
    return on ? yes(`${flag} is on at the ${level}`) : no(`${flag} is off at the ${level}`);
  });
  const decision = anyOf(decisions, "");
  const levels = each.filter((_, index) => decisions[index]?.answer === "yes").map(({ level }) => level);
  return { ...decision, reason: decision.answer === "no" ? `${flag} is off at every level` : decision.reason, levels };
}

/** The setting of an organization is one word for all four. */
export function organizationBlock(setting: "all" | "none"): AccessBlock {
  const on = setting === "all";
  return { BlockPublicAcls: on, IgnorePublicAcls: on, BlockPublicPolicy: on, RestrictPublicBuckets: on };
}

import type { Command } from "commander";
import { S3upError } from "../errors.ts";

/**
 * The options that stand on the command line itself, in their long form. A setting from the environment or the config
 * file is a default for where it fits; a word on the command line that does not fit is a mistake.
 */
export function saidOptions(command: Command): readonly string[] {
  const owners = command.parent === null ? [command] : [command, command.parent];
  return owners.flatMap((owner) =>
    owner.options
      .filter((option) => owner.getOptionValueSource(option.attributeName()) === "cli")
      .filter((option) => !option.negate || owner.getOptionValue(option.attributeName()) === false)
      .map((option) => option.long ?? option.flags),
  );
}

/** @throws S3upError USAGE when one of `unfit` was said */
export function refuseUnfit(
  said: readonly string[],
  unfit: readonly string[],
  { beside, why, hint }: { readonly beside: string; readonly why: string; readonly hint: string },
): void {
  const found = unfit.filter((option) => said.includes(option));
  if (found.length === 0) return;
  throw new S3upError("USAGE", `${found.join(", ")} cannot be used ${beside}.`, { why, hint });
}

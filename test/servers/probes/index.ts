/** All probes, in the order of their groups. */
import type { Probe } from "../probe.ts";
import { accessSettingProbes } from "./access-settings.ts";
import { checksumProbes } from "./checksums.ts";
import { conditionProbes } from "./conditions.ts";
import { corsProbes } from "./cors.ts";
import { formProbes } from "./forms.ts";
import { listProbes } from "./lists.ts";
import { multipartProbes } from "./multipart.ts";
import { multipartChecksumProbes } from "./multipart-checksums.ts";
import { objectProbes } from "./objects.ts";
import { settingProbes } from "./settings.ts";
import { signatureProbes } from "./signatures.ts";

export const probes: readonly Probe[] = [
  ...objectProbes,
  ...signatureProbes,
  ...checksumProbes,
  ...multipartProbes,
  ...multipartChecksumProbes,
  ...formProbes,
  ...corsProbes,
  ...conditionProbes,
  ...accessSettingProbes,
  ...settingProbes,
  ...listProbes,
];

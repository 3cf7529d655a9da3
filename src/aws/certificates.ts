/** The authorities to trust instead of the usual ones: AWS_CA_BUNDLE, or `ca_bundle` of the profile. */
import { readFile } from "node:fs/promises";
import { loadSharedConfigFiles } from "@smithy/shared-ini-file-loader";
import { S3upError } from "../errors.ts";
import { caBundleOf, profileOf } from "./aws-settings.ts";

/** @returns PEM text; undefined: trust whom Node trusts. @throws S3upError FILE_UNREADABLE */
export async function trustedCertificates(
  profile: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const { configFile } = await loadSharedConfigFiles();
  const path = caBundleOf(environment, configFile[profileOf(profile, environment) ?? "default"]);
  return path === undefined ? undefined : readCaBundle(path);
}

/** @throws S3upError FILE_UNREADABLE */
export async function readCaBundle(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new S3upError("FILE_UNREADABLE", `The certificates in ${path} cannot be read.`, {
      why: "AWS_CA_BUNDLE, or ca_bundle in the AWS config file, names this file.",
      hint: "Correct the path, or unset it to trust the usual authorities.",
      cause,
    });
  }
}

/**
 * How the profile's `s3 =` block wants transfers done: what the AWS CLI goes by, and the SDK overlooks.
 * https://docs.aws.amazon.com/cli/latest/topic/s3-config.html
 */
import { loadSharedConfigFiles } from "@smithy/shared-ini-file-loader";
import { S3upError } from "../errors.ts";
import { endpointOf, profileOf } from "./aws-settings.ts";

export interface TransferDefaults {
  /** Bytes. */
  readonly multipartThreshold: number | undefined;
  /** Bytes. */
  readonly partSize: number | undefined;
  /** Requests at a time. */
  readonly concurrency: number | undefined;
  /** False: AWS_REQUEST_CHECKSUM_CALCULATION or the profile wants none where S3 does not insist on one. */
  readonly checksums: boolean;
  /** The S3 server, whoever named it; undefined: AWS itself. */
  readonly endpoint: string | undefined;
}

/** @throws S3upError CONFIG_INVALID for a value that the AWS CLI would refuse as well */
export async function readTransferDefaults(
  { profile, endpointUrl }: { readonly profile: string | undefined; readonly endpointUrl: string | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): Promise<TransferDefaults> {
  const { configFile } = await loadSharedConfigFiles();
  const section = configFile[profileOf(profile, environment) ?? "default"] ?? {};
  const calculation = environment.AWS_REQUEST_CHECKSUM_CALCULATION || section.request_checksum_calculation;
  return {
    ...transferDefaultsOf(section),
    checksums: !/^when_required$/i.test(calculation ?? ""),
    endpoint: endpointOf({ endpointUrl }, environment, section, configFile),
  };
}

/** @param section of the AWS config file, with its nested block as `s3.multipart_chunksize` */
export function transferDefaultsOf(
  section: Readonly<Record<string, string | undefined>>,
): Omit<TransferDefaults, "checksums" | "endpoint"> {
  const read = (name: string, parse: (text: string) => number | undefined): number | undefined => {
    const text = section[`s3.${name}`];
    if (text === undefined) return undefined;
    const value = parse(text.trim());
    if (value === undefined || value < 1 || !Number.isSafeInteger(value)) throw badValue(name, text);
    return value;
  };
  return {
    multipartThreshold: read("multipart_threshold", parseSize),
    partSize: read("multipart_chunksize", parseSize),
    concurrency: read("max_concurrent_requests", (text) => (/^\d+$/.test(text) ? Number(text) : undefined)),
  };
}

/** As the AWS CLI counts: every unit, `MB` as well as `MiB`, is a power of 1024. */
function parseSize(text: string): number | undefined {
  const [, digits, unit = ""] = /^(\d+)\s*(?:([kmgt])i?b)?$/i.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * 1024 ** " kmgt".indexOf(unit.toLowerCase() || " ");
}

function badValue(name: string, text: string): S3upError {
  return new S3upError("CONFIG_INVALID", `${name} in the AWS config file cannot be "${text}".`, {
    why: "The block s3 = of the profile says so, and that is no number of this kind.",
    hint: name === "max_concurrent_requests" ? "Write a whole number, such as 8." : "Write a size, such as 16MB.",
  });
}

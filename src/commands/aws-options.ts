import { type Command, Option } from "commander";
import type { AwsSettings } from "../runtime.ts";
import { type StoreName, storeNames } from "../signing/store-quirks.ts";
import { oneOf, parseTimeout, parseUrl, wholeNumber } from "./option-types.ts";

export interface AwsFlags {
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
  readonly pathStyle?: boolean;
  readonly store?: StoreName;
  /** False after --no-sign-request. */
  readonly signRequest?: boolean;
  readonly maxAttempts?: number;
  readonly connectTimeout?: number;
}

const group = "AWS:";

/** How AWS is reached; the names are those of the AWS CLI. */
export function addAwsOptions(command: Command): Command {
  return addTo(command, [
    new Option("--profile <name>", "profile of the AWS config file"),
    new Option("--region <region>", "region of the bucket, such as eu-central-1"),
    new Option("--endpoint-url <url>", "an S3 server other than AWS").argParser(parseUrl),
    new Option("--path-style", "put the bucket into the path instead of the host"),
  ]);
}

/** What only matters where requests are sent. */
export function addAwsRequestOptions(command: Command): Command {
  addTo(command, [new Option("--no-sign-request", "send requests without a signature, as to a public bucket")]);
  return addAwsPatienceOptions(command);
}

/** How often a request is tried, and how long each try may take to connect. */
export function addAwsPatienceOptions(command: Command): Command {
  return addTo(command, [
    new Option("--max-attempts <n>", "tries of one request").argParser(wholeNumber(1, 100)),
    new Option("--connect-timeout <time>", "for a connection to come about (default: 5s)").argParser(parseTimeout),
  ]);
}

/** Whose ways the server has; its host does not always tell. */
export function addStoreOption(command: Command): Command {
  return addTo(command, [
    new Option(
      "--store <kind>",
      `whose S3 it is: ${storeNames.join(", ")} (default: by the host of the endpoint)`,
    ).argParser(oneOf(storeNames)),
  ]);
}

export function awsSettings(flags: AwsFlags, bucket: string): AwsSettings {
  return {
    profile: flags.profile,
    region: flags.region,
    endpointUrl: flags.endpointUrl,
    pathStyle: flags.pathStyle === true ? true : undefined,
    signRequests: flags.signRequest ?? true,
    maxAttempts: flags.maxAttempts,
    connectTimeoutMs: flags.connectTimeout,
    bucket,
    store: flags.store,
  };
}

function addTo(command: Command, options: readonly Option[]): Command {
  for (const option of options) command.addOption(option.helpGroup(group));
  return command;
}

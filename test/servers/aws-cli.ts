/** The aws command line, a client that shares no code with the AWS SDK for JavaScript. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Account } from "./server.ts";

/** Where it is on PATH; undefined where it is not installed. */
export const awsCli: string | undefined = onPath("aws");

export function awsEnvironment(account: Account, home: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: home,
    AWS_ACCESS_KEY_ID: account.accessKeyId,
    AWS_SECRET_ACCESS_KEY: account.secretAccessKey,
    AWS_DEFAULT_REGION: account.region,
    AWS_ENDPOINT_URL_S3: account.endpoint,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_PAGER: "",
  };
}

function onPath(command: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, command)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

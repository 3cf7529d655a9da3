/** What holds for every request about an object, and only where AWS credentials sign it. */
import { type Command, Option } from "commander";
import { S3upError } from "../errors.ts";
import { type CustomerKeyFlags, customerKeySource } from "./customer-key.ts";
import type { ObjectFlags } from "./object-options.ts";
import { oneOf } from "./option-types.ts";

export interface AccessFlags extends CustomerKeyFlags, Pick<ObjectFlags, "sse"> {
  readonly ifMatch?: string;
  readonly expectedBucketOwner?: string;
  readonly overwrite: boolean;
}

export interface AccessOptions {
  /** As `readCustomerKey` takes it. */
  readonly customerKey: string | undefined;
  readonly ifMatch: string | undefined;
  /** Account id. */
  readonly expectedOwner: string | undefined;
}

export const accessFlags = ["--sse-c", "--sse-c-key", "--if-match", "--expected-bucket-owner"];

export function addAccessOptions(command: Command): Command {
  const options = [
    new Option("--sse-c [kind]", "encrypt with a key of your own: AES256, which needs --sse-c-key").argParser(
      oneOf(["AES256"]),
    ),
    new Option("--sse-c-key <key>", "its 32 bytes, as fileb://path; or in S3UP_SSE_C_KEY"),
    new Option("--if-match <etag>", "replace only the version that has this ETag"),
    new Option("--expected-bucket-owner <id>", "refuse when the bucket belongs to another account"),
  ];
  for (const option of options) command.addOption(option.helpGroup("The stored object:"));
  return command;
}

/** Undefined where nothing of it was said. @throws S3upError USAGE */
export function accessOptions(flags: AccessFlags, said: readonly string[]): AccessOptions | undefined {
  const customerKey = customerKeySource(flags, said);
  if (customerKey !== undefined && flags.sse !== undefined) throw twoKeys();
  const { ifMatch, expectedBucketOwner } = flags;
  if (ifMatch !== undefined && !flags.overwrite) throw twoConditions();
  if (ifMatch !== undefined && !/^(W\/)?"?[!#-~]+"?$/.test(ifMatch)) throw noEtag(ifMatch);
  if (expectedBucketOwner !== undefined && !/^\d{12}$/.test(expectedBucketOwner)) throw noAccount(expectedBucketOwner);
  if (customerKey === undefined && ifMatch === undefined && expectedBucketOwner === undefined) return undefined;
  return { customerKey, ifMatch: quoted(ifMatch), expectedOwner: expectedBucketOwner };
}

/** ETags stand in quotes; on a command line they are easily lost. */
function quoted(etag: string | undefined): string | undefined {
  return etag === undefined || etag.includes('"') ? etag : `"${etag}"`;
}

function twoKeys(): S3upError {
  return new S3upError("USAGE", "--sse and --sse-c-key cannot be used together.", {
    why: "Each of them says with which key S3 encrypts.",
    hint: "Choose one.",
  });
}

function twoConditions(): S3upError {
  return new S3upError("USAGE", "--if-match and --no-overwrite cannot be used together.", {
    why: "One wants an object under the key, the other wants none.",
    hint: "Choose one.",
  });
}

function noEtag(text: string): S3upError {
  return new S3upError("USAGE", `--if-match cannot be "${text}".`, {
    why: "That is no ETag.",
    hint: "Write it as S3 gives it, such as --if-match 9b2cf535f27731c974343645a3985328.",
  });
}

function noAccount(text: string): S3upError {
  return new S3upError("USAGE", `--expected-bucket-owner cannot be "${text}".`, {
    why: "The id of an AWS account has twelve digits.",
    hint: "Write one such as 111122223333.",
  });
}

/** Which way a `put` goes: with credentials, through an endpoint, a single URL or a manifest. */
import { S3upError } from "../errors.ts";
import type { AwsSettings, EndpointSettings } from "../runtime.ts";
import type { ObjectOptions } from "../signing/upload-headers.ts";
import { type AccessOptions, accessFlags, accessOptions } from "./access-options.ts";
import { awsSettings } from "./aws-options.ts";
import { endpointSettings } from "./endpoint-options.ts";
import { objectOptions, usedObjectFlags } from "./object-options.ts";
import type { PutFlags } from "./put.ts";
import { isS3Address, parseS3Address, type S3Address } from "./s3-address.ts";
import { refuseUnfit } from "./said-options.ts";
import { manyFilesOptions } from "./selection-options.ts";

export type PutTarget =
  | {
      readonly via: "credentials";
      /** A key that is empty or ends in a slash is a prefix: the file's name is added. */
      readonly address: S3Address;
      readonly aws: AwsSettings;
      readonly object: ObjectOptions;
      readonly noOverwrite: boolean;
      readonly access?: AccessOptions | undefined;
    }
  | { readonly via: "endpoint"; readonly endpoint: EndpointSettings }
  | { readonly via: "url"; readonly url: string; readonly object: ObjectOptions; readonly noOverwrite: boolean }
  | { readonly via: "manifest"; readonly path: string };

export interface ChosenTarget {
  readonly target: PutTarget;
  readonly files: readonly string[];
}

/**
 * What stands on the command line decides; --endpoint from the environment or the config file is for lines that name no
 * other target.
 * @throws S3upError USAGE
 */
export function choosePutTarget(operands: readonly string[], flags: PutFlags, said: readonly string[]): ChosenTarget {
  const last = operands.at(-1);
  const address = last !== undefined && isS3Address(last) ? last : undefined;
  const files = address === undefined ? operands : operands.slice(0, -1);
  refuseTwoTargets(address, said);
  refuseAddressAmongFiles(files);
  if (files.length === 0 && flags.filesFrom === undefined) throw nothingToUpload(address);
  if (flags.deleteSource === true) refuseUnprovenDeletion(address, flags);

  if (address !== undefined) return { target: toAddress(address, files, flags, said), files };
  if (flags.url !== undefined) return { target: toUrl(flags.url, files, flags, said), files };
  if (flags.manifest !== undefined) return { target: toManifest(flags.manifest, files, flags, said), files };
  if (flags.endpoint !== undefined) return { target: toEndpoint(flags.endpoint, flags, said), files };
  throw new S3upError("USAGE", "It is not said where the upload goes.", {
    why: "There is neither an s3:// address, nor --endpoint, --url or --manifest.",
    hint: "Write s3up put <file> s3://bucket/key, or s3up put <file> --endpoint https://…/presign.",
  });
}

function toAddress(text: string, files: readonly string[], flags: PutFlags, said: readonly string[]): PutTarget {
  const address = parseS3Address(text);
  const isPrefix = address.key === "" || address.key.endsWith("/");
  if (files.length > 1 && !isPrefix && flags.recursive !== true) {
    throw new S3upError("USAGE", `${files.length} files cannot all become ${text}.`, {
      why: "A key holds one object; the last file would replace the others.",
      hint: `End the address with a slash to keep the files' names: ${text}/`,
    });
  }
  if (files.includes("-") && isPrefix) {
    throw new S3upError("USAGE", `${text} needs a key for what comes from stdin.`, {
      why: "Stdin has no file name that could be added to a prefix.",
      hint: `Write the whole key: s3://${address.bucket}/${address.key}name.`,
    });
  }
  return {
    via: "credentials",
    // As `aws s3 cp --recursive` has it: s3://bucket/photos is a directory then.
    address: flags.recursive === true && !isPrefix ? { ...address, key: `${address.key}/` } : address,
    aws: awsSettings(flags, address.bucket),
    object: objectOptions(flags),
    noOverwrite: flags.overwrite === false,
    access: accessOptions(flags, said),
  };
}

const awsOnly = ["--endpoint-url", "--path-style", "--store", "--no-sign-request", ...accessFlags];

function toEndpoint(url: string, flags: PutFlags, said: readonly string[]): PutTarget {
  const unfit = usedObjectFlags(flags).filter((name) => name !== "--content-type" && name !== "--metadata");
  refuseUnfit(said, [...unfit, ...awsOnly, "--no-overwrite", "--verify"], {
    beside: "with --endpoint",
    why: "The endpoint decides where and how the object is stored, and nobody else may read it.",
    hint: "Leave it out, or upload with AWS credentials: s3up put <file> s3://bucket/key.",
  });
  refuseMd5(flags, said, "with --endpoint");
  return { via: "endpoint", endpoint: endpointSettings(url, flags, { metadata: flags.metadata }) };
}

function toUrl(url: string, files: readonly string[], flags: PutFlags, said: readonly string[]): PutTarget {
  refuseUnfit(said, [...awsOnly, "--verify", "--part-size", "--multipart-threshold"], {
    beside: "with --url",
    why: "A presigned URL takes one PUT of one object.",
    hint: "Leave it out.",
  });
  refuseMd5(flags, said, "with --url");
  refuseSeveral(files, said, "--url", "A presigned URL is good for one object.");
  return { via: "url", url, object: objectOptions(flags), noOverwrite: flags.overwrite === false };
}

function toManifest(path: string, files: readonly string[], flags: PutFlags, said: readonly string[]): PutTarget {
  refuseUnfit(
    said,
    [
      ...awsOnly,
      ...usedObjectFlags(flags),
      "--verify",
      "--part-size",
      "--multipart-threshold",
      "--checksum",
      "--no-overwrite",
    ],
    {
      beside: "with --manifest",
      why: "The manifest says all of it already, and its signatures allow nothing else.",
      hint: "Leave it out, or make another manifest with `s3up presign --multipart`.",
    },
  );
  refuseSeveral(files, said, "--manifest", "A manifest is made for one file.");
  return { via: "manifest", path };
}

function refuseMd5({ checksum }: PutFlags, said: readonly string[], beside: string): void {
  if (checksum !== "md5") return;
  refuseUnfit(said, ["--checksum"], {
    beside: `as md5 ${beside}`,
    why: "Content-MD5 would have to be signed, and s3up signs only with AWS credentials.",
    hint: "Leave it out: the checksum is then one that the signature binds.",
  });
}

function refuseTwoTargets(address: string | undefined, said: readonly string[]): void {
  const targets = ["--endpoint", "--url", "--manifest"].filter((name) => said.includes(name));
  if (address !== undefined) targets.unshift("an s3:// address");
  if (targets.length < 2) return;
  throw new S3upError("USAGE", `${targets.join(" and ")} cannot be used together.`, {
    why: "Each of them says where the upload goes.",
    hint:
      address === undefined ? "Choose one." : "With an s3:// address AWS credentials are used; without it, the other.",
  });
}

function refuseAddressAmongFiles(files: readonly string[]): void {
  const address = files.find(isS3Address);
  if (address === undefined) return;
  throw new S3upError("USAGE", `${address} stands among the files.`, {
    why: "The address where they go comes last, and there is one.",
    hint: "Write s3up put <file…> s3://bucket/prefix/.",
  });
}

function refuseSeveral(files: readonly string[], said: readonly string[], option: string, why: string): void {
  refuseUnfit(said, manyFilesOptions, { beside: `with ${option}`, why, hint: "Name one file." });
  if (files.length < 2) return;
  throw new S3upError("USAGE", `${option} takes one file, not ${files.length}.`, { why, hint: "Name one file." });
}

function refuseUnprovenDeletion(address: string | undefined, { checksum }: PutFlags): void {
  if (address !== undefined && checksum !== "none") return;
  throw new S3upError(
    "USAGE",
    `--delete-source cannot be used ${address === undefined ? "without an s3:// address" : "with --checksum none"}.`,
    {
      why: "A file is only deleted once S3 has confirmed the size and the checksum of what it stored.",
      hint: "Leave --delete-source out, or upload with AWS credentials and a checksum.",
    },
  );
}

function nothingToUpload(address: string | undefined): S3upError {
  if (address === undefined) {
    return new S3upError("USAGE", "s3up put needs <file>.", {
      why: "The command line ends before it.",
      hint: "See s3up put --help.",
    });
  }
  return new S3upError("USAGE", "No file is named.", {
    why: `Only the address ${address} is given.`,
    hint: "Write s3up put <file> s3://bucket/key; - stands for stdin.",
  });
}

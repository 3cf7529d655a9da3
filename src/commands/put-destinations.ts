/** A target as the user chose it -> the destination of each file. */
import { S3upError } from "../errors.ts";
import type { DirectUpload, Notice, Runtime, S3Access, StreamTools, StreamUpload } from "../runtime.ts";
import { objectHeaders } from "../signing/upload-headers.ts";
import { checksumAlgorithmOf } from "../upload/checksum.ts";
import type { StoredObject } from "../upload/events.ts";
import { type Manifest, parseManifest } from "../upload/manifest.ts";
import { UPLOAD_DEFAULTS, type UploadWishes, withinPartLimits } from "../upload/plan.ts";
import { mostRequests } from "../upload/resources.ts";
import type { FoundFile } from "../upload/selection.ts";
import type { FileSource } from "../upload/source.ts";
import type { Destination, PartSender } from "../upload/transport.ts";
import { readCustomerKey } from "./customer-key.ts";
import type { SettledPutOptions } from "./put.ts";
import type { PutTarget } from "./put-target.ts";
import { keyOf } from "./s3-address.ts";

export interface Destinations {
  forFile(source: FileSource, found: FoundFile): Promise<Destination>;
  /** @throws S3upError USAGE where the length has to be known */
  forStream(): Promise<StreamDestination>;
}

export interface StreamDestination {
  readonly upload: StreamUpload;
  /** For its label, and to find the stored object. */
  readonly destination: Destination;
  send(bytes: AsyncIterable<Uint8Array>, tools: StreamTools): Promise<StoredObject>;
}

/** Fewer at a time than for a file: of a stream, every part under way has to be kept in memory. */
const streamConcurrency = 4;

/** @throws S3upError */
export async function openDestinations(
  { target, ...options }: SettledPutOptions,
  runtime: Runtime,
  sender: PartSender,
  tell?: (notice: Notice) => void,
): Promise<Destinations> {
  switch (target.via) {
    case "credentials": {
      const { access, aws } = target;
      const conditions = { ifMatch: access?.ifMatch, requestHeaders: await requestHeadersOf(target, options, runtime) };
      const s3 = await runtime.s3({ ...aws, stallTimeoutMs: options.stallTimeoutMs, sender }, tell);
      return withCredentials(target, conditions, s3, options, runtime);
    }
    case "endpoint": {
      const destination = await runtime.endpoint(target.endpoint, sender);
      return onlyFiles(async () => destination);
    }
    case "url": {
      const { contentType, ...object } = target.object;
      const headers = {
        ...objectHeaders(object),
        ...(target.noOverwrite ? { "if-none-match": "*" } : {}),
      };
      const upload = { url: target.url, headers, contentTypeGiven: contentType !== undefined };
      const destination = await runtime.urlDestination(upload);
      return onlyFiles(async () => destination);
    }
    case "manifest": {
      const manifest = parseManifest(await runtime.readText(target.path), target.path);
      return onlyFiles(async (source) => {
        refuseOtherFile(source, manifest);
        return runtime.manifestDestination(manifest, target.path, sender);
      });
    }
  }
}

type DirectTarget = PutTarget & { readonly via: "credentials" };

async function requestHeadersOf(
  { access }: DirectTarget,
  { s3Endpoint }: Pick<SettledPutOptions, "s3Endpoint">,
  runtime: Runtime,
) {
  if (access === undefined) return {};
  const { expectedOwner } = access;
  return {
    ...(await readCustomerKey(access.customerKey, s3Endpoint, runtime)),
    ...(expectedOwner === undefined ? {} : { "x-amz-expected-bucket-owner": expectedOwner }),
  };
}

function withCredentials(
  { address, object, noOverwrite }: DirectTarget,
  conditions: Pick<DirectUpload, "ifMatch" | "requestHeaders">,
  s3: S3Access,
  options: Omit<SettledPutOptions, "target">,
  runtime: Runtime,
): Destinations {
  const { bucket } = address;
  const { contentType, ...others } = object;
  const headers = objectHeaders(others);
  const ifNoneMatch = noOverwrite ? "*" : undefined;

  return {
    forFile: async (_source, found) =>
      s3.destination({ bucket, key: keyOf(address, found), headers, ifNoneMatch, ...conditions }),
    forStream: async () => {
      const destination = s3.destination({ bucket, key: address.key, headers, ifNoneMatch, ...conditions });
      const upload: StreamUpload = {
        bucket,
        key: address.key,
        headers,
        ifNoneMatch,
        ...conditions,
        contentType: contentType ?? (await runtime.contentTypeOf(address.key)),
        checksumAlgorithm: checksumAlgorithmOf(options.checksum),
        partSize: streamPartSize(options.wishes),
        md5: options.checksum === "md5",
        maxMemory: options.maxMemory,
        concurrency: Math.min(mostRequests(options.concurrency), streamConcurrency),
      };
      return { upload, destination, send: (bytes, tools) => s3.uploadStream(bytes, upload, tools) };
    },
  };
}

function streamPartSize({ partSize, usualPartSize }: UploadWishes): number {
  return partSize ?? withinPartLimits(usualPartSize ?? UPLOAD_DEFAULTS.partSize);
}

function onlyFiles(forFile: Destinations["forFile"]): Destinations {
  return {
    forFile,
    forStream: async () => {
      throw new S3upError("USAGE", "Stdin can only be uploaded with AWS credentials.", {
        why: "A presigned request binds the exact length, and nobody knows how much will come.",
        hint: "Save it to a file first, or name an s3:// address.",
      });
    },
  };
}

function refuseOtherFile(source: FileSource, { file }: Manifest): void {
  if (source.size === file.size) return;
  throw new S3upError("USAGE", `The manifest was not made for ${source.path}.`, {
    why: `It is for ${file.name} with ${file.size} bytes; this file has ${source.size}.`,
    hint: "Name the right file, or make another manifest with `s3up presign --multipart`.",
  });
}

/** A wish -> a signed request, form or manifest: signed here with AWS credentials, or asked of an endpoint. */

import type { Checksum, ChecksumAlgorithm } from "../protocol/messages.ts";
import type { Report, Runtime, S3Access } from "../runtime.ts";
import { deleteObject, getObject, headObject, putObject } from "../signing/s3-requests.ts";
import type { S3Request } from "../signing/signer.ts";
import type { StoreQuirks } from "../signing/store-quirks.ts";
import { objectHeaders } from "../signing/upload-headers.ts";
import type { FileSource } from "../upload/source.ts";
import { checksumOfFile } from "./file-checksum.ts";
import type { PresignTarget, PresignWish } from "./presign.ts";
import { presignManifest } from "./presign-manifest.ts";
import type { Presigned } from "./presign-output.ts";
import type { S3Address } from "./s3-address.ts";
import { refuseChecksum, refuseLacking } from "./store-fitness.ts";

type LocalTarget = PresignTarget & { readonly via: "credentials" };
type EndpointTarget = PresignTarget & { readonly via: "endpoint" };

const senderDefaults = { connectTimeoutMs: 5_000, stallTimeoutMs: 30_000 };
const defaultAlgorithm: ChecksumAlgorithm = "SHA256";

export async function presignLocally(
  target: LocalTarget,
  wish: PresignWish,
  runtime: Runtime,
  report: Report,
): Promise<Presigned> {
  if (wish.file === undefined) {
    const s3 = await runtime.s3(target.aws);
    refuseUnfitAt(s3, wish);
    return signOne(target.address, wish, undefined, s3);
  }
  const source = await runtime.openFile(wish.file);
  try {
    const s3 = await runtime.s3(target.aws);
    refuseUnfitAt(s3, wish);
    if (wish.multipart !== undefined) return await presignManifest(target.address, source, wish, s3, runtime, report);
    return await signOne(target.address, wish, await factsOf(source, wish, runtime, report, s3.store), s3);
  } finally {
    await source.close();
  }
}

export async function presignAtEndpoint(
  { endpoint, profile }: EndpointTarget,
  wish: PresignWish,
  runtime: Runtime,
  report: Report,
): Promise<Presigned> {
  const source = await runtime.openFile(wish.file ?? "");
  const sender = await runtime.sender({ connections: 1, ...senderDefaults, profile });
  try {
    const facts = await factsOf(source, wish, runtime, report);
    report.emit({ type: "preparing", step: "capabilities" });
    const destination = await runtime.endpoint(endpoint, sender);
    const object = { fileName: source.name, contentType: facts.contentType, size: source.size };
    const { request, bucket, key } = await destination.signPut(object, facts.checksum, runtime.signal);
    return { kind: "request", request, bucket, key, file: source.path, askedSeconds: endpoint.expiresInSeconds };
  } finally {
    sender.close();
    await source.close();
  }
}

function refuseUnfitAt({ store }: S3Access, { object, noOverwrite, checksum }: PresignWish): void {
  refuseLacking({ object, noOverwrite }, store);
  refuseChecksum(checksum?.kind === "given" ? checksum.checksum.algorithm : checksum?.algorithm, store);
}

interface FileFacts {
  readonly path: string;
  readonly size: number;
  readonly contentType: string;
  readonly checksum: Checksum | undefined;
}

async function factsOf(
  source: FileSource,
  wish: PresignWish,
  runtime: Runtime,
  report: Report,
  store?: StoreQuirks,
): Promise<FileFacts> {
  return {
    path: source.path,
    size: source.size,
    contentType: wish.object.contentType ?? (await runtime.contentTypeOf(source.name)),
    checksum: await checksumFor(source, wish, runtime, report, store),
  };
}

async function checksumFor(
  source: FileSource,
  { checksum, method }: PresignWish,
  runtime: Runtime,
  report: Report,
  store: StoreQuirks | undefined,
): Promise<Checksum | undefined> {
  if (method !== "put") return undefined;
  if (checksum?.kind === "given") return checksum.checksum;
  const usual = store !== undefined && store.checksums === undefined ? undefined : defaultAlgorithm;
  const algorithm = checksum === undefined ? usual : checksum.algorithm;
  if (algorithm === undefined) return undefined;
  report.emit({ type: "preparing", step: "checksum" });
  return checksumOfFile(source, algorithm, runtime.signal);
}

async function signOne(
  address: S3Address,
  wish: PresignWish,
  file: FileFacts | undefined,
  { signer }: S3Access,
): Promise<Presigned> {
  const { bucket, key } = address;
  const object = { ...wish.object, contentType: wish.object.contentType ?? file?.contentType };
  if (wish.method === "post") {
    const sizes = { minSize: file?.size ?? 0, maxSize: file?.size ?? wish.maxSize ?? 0 };
    const form = await signer.signForm({ bucket, key, fields: objectHeaders(object), ...sizes }, wish.expiresInSeconds);
    return { kind: "form", form, bucket, key, file: file?.path, ...sizes, askedSeconds: wish.expiresInSeconds };
  }
  const request = await signer.sign(requestOf(address, wish, object, file), wish.expiresInSeconds);
  return { kind: "request", request, bucket, key, file: file?.path, askedSeconds: wish.expiresInSeconds };
}

function requestOf(
  { bucket, key }: S3Address,
  wish: PresignWish,
  object: PresignWish["object"],
  file: FileFacts | undefined,
): S3Request {
  switch (wish.method) {
    case "get":
      return getObject({ bucket, key });
    case "head":
      return headObject({ bucket, key });
    case "delete":
      return deleteObject({ bucket, key });
    case "put":
    case "post":
      return putObject({
        bucket,
        key,
        headers: objectHeaders(object),
        contentLength: file?.size ?? wish.contentLength,
        checksum: file?.checksum ?? (wish.checksum?.kind === "given" ? wish.checksum.checksum : undefined),
        ...(wish.noOverwrite ? { ifNoneMatch: "*" as const } : {}),
      });
  }
}

/**
 * The ports of the upload engine. `Destination` has one implementation for each mode of `s3up put`
 * (credentials, endpoint, URL, manifest); `PartSender` has one (`http/part-sender.ts`).
 */
import type { Checksum, ChecksumAlgorithm, CompletedPart, ListedPart, SignedRequest } from "../protocol/messages.ts";
import type { StoredObject } from "./events.ts";

/** What is to be stored. */
export interface ObjectToStore {
  readonly fileName: string;
  readonly contentType: string;
  readonly size: number;
}

/** What a destination allows, asked before anything is planned. Sizes in bytes. */
export interface DestinationLimits {
  readonly maxSize: number;
  readonly multipartThreshold: number;
  readonly partSize: { readonly min: number; readonly default: number; readonly max: number };
  /** False for a bare URL: it takes one PUT whatever the size. */
  readonly multipart: boolean;
  /** Algorithms whose value can be signed into a single PUT; the first that the engine can compute is used. */
  readonly putChecksums: readonly ChecksumAlgorithm[];
}

/** A request of an object, to be sent as it stands, and where the object will be. */
export interface SignedPut {
  readonly request: SignedRequest;
  readonly bucket: string | undefined;
  readonly key: string;
}

export interface Destination {
  /** For people: `s3://bucket/key`, or the endpoint's address without query. */
  readonly label: string;
  limits(signal: AbortSignal): Promise<DestinationLimits>;
  /** Signs the whole object as one PUT; called again when S3 says that the URL has expired. */
  signPut(object: ObjectToStore, checksum: Checksum | undefined, signal: AbortSignal): Promise<SignedPut>;
  /** Begins a multipart upload; the destination has the last word on the part size. */
  createMultipart(object: ObjectToStore, wish: { readonly partSize: number }, signal: AbortSignal): Promise<MultipartSession>;
}

/** A multipart upload that exists at S3. */
export interface MultipartSession {
  readonly bucket: string | undefined;
  readonly key: string;
  readonly uploadId: string;
  /** Bytes of every part but the last. */
  readonly partSize: number;
  readonly checksumAlgorithm: ChecksumAlgorithm;
  /**
   * Signs one part just before it is sent. May be called for many parts at once: an implementation over a network
   * gathers such calls into few requests.
   */
  signPart(part: PartToSign, signal: AbortSignal): Promise<SignedRequest>;
  /** S3's own list: the truth about what is there. */
  listParts(signal: AbortSignal): Promise<readonly ListedPart[]>;
  /** @throws S3upError OBJECT_EXISTS, UPLOAD_NOT_FOUND, CHECKSUM_MISMATCH, … */
  complete(parts: readonly CompletedPart[], checksum: Checksum, signal: AbortSignal): Promise<StoredObject>;
  /** Succeeds also when the upload is already gone. */
  abort(): Promise<void>;
}

export interface PartToSign {
  readonly partNumber: number;
  readonly contentLength: number;
  readonly checksum: Checksum;
}

/** The answer to one HTTP request. `body` is cut at 64 KiB. */
export interface SentAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface SendOptions {
  readonly signal: AbortSignal;
  /** Called with the number of further bytes handed to the kernel. */
  readonly onSent?: (bytes: number) => void;
}

/** Why a request got no answer. `reusedSocket`: the server closed an idle connection, which says nothing about it. */
export class SendFailure extends Error {
  readonly reason: "connect" | "dns" | "tls" | "reset" | "stalled" | "protocol";
  readonly reusedSocket: boolean;

  constructor(reason: SendFailure["reason"], message: string, options: { reusedSocket?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "SendFailure";
    this.reason = reason;
    this.reusedSocket = options.reusedSocket ?? false;
  }
}

/**
 * Sends one signed request over a kept-alive connection.
 * Any HTTP status is an answer, not an error; no answer is a `SendFailure`; an aborted signal rejects with its reason,
 * after the socket is gone.
 */
export interface PartSender {
  send(request: SignedRequest, body: readonly Uint8Array[] | undefined, options: SendOptions): Promise<SentAnswer>;
  close(): void;
}

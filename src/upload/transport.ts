/**
 * The ports of the upload engine. `Destination` has one implementation for each mode of `s3up put`
 * (credentials, endpoint, URL, manifest); `PartSender` has one (`http/part-sender.ts`).
 */
import type { Checksum, ChecksumAlgorithm, CompletedPart, ListedPart, SignedRequest } from "../protocol/messages.ts";
import type { ForeignSigner } from "../signing/foreign-signature.ts";
import type { ChecksumType } from "../signing/s3-requests.ts";
import type { StoredObject } from "./events.ts";
import type { Expiry } from "./expiry.ts";
import type { JournalTarget, SavedRequest, SavedUpload } from "./journal.ts";

/** What is to be stored. */
export interface ObjectToStore {
  readonly fileName: string;
  readonly contentType: string;
  readonly size: number;
  /** In base64, where Content-MD5 takes the place of a checksum; of a single PUT. */
  readonly md5?: string | undefined;
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
  /** True when the key was made for this request alone, so that an object under it can be no other's. */
  readonly freshKey: boolean;
}

export interface Destination {
  /** For people: `s3://bucket/key`, or the endpoint's address without query. */
  readonly label: string;
  /** Where it is not the user: a refused signature is then no fault of the user's key. */
  readonly signedBy?: ForeignSigner;
  /** Scheme and host to which parts go, where they are known before an upload has begun. */
  origin?(): Promise<string>;
  /** When the permission to send ends, where that is known and nobody renews it. */
  expiry?(): Expiry | undefined;
  /** @throws S3upError when the destination cannot be asked */
  limits(signal: AbortSignal): Promise<DestinationLimits>;
  /** Signs the whole object as one PUT; called again when S3 says that the URL has expired. */
  signPut(object: ObjectToStore, checksum: Checksum | undefined, signal: AbortSignal): Promise<SignedPut>;
  /**
   * Begins a multipart upload; the destination has the last word on the part size. An abort of `signal` does not cut the
   * request off, or an upload that nobody knows of could stay behind: the session is answered and the caller aborts it.
   */
  createMultipart(object: ObjectToStore, wish: MultipartWish, signal: AbortSignal): Promise<MultipartSession>;
  /**
   * Told of a refusal, with the request as it was signed: true when another signature may fare better, because there are
   * fresh credentials, or S3 has told its time or the bucket's region.
   * @throws S3upError CREDENTIALS_EXPIRED, CREDENTIALS_MISSING when fresh ones cannot be had
   */
  renew?(answer: SentAnswer, refused: SignedRequest): Promise<boolean>;
  /** What stands under the key now, where the destination may look; asked when the answer to a PUT got lost. */
  find?(signal: AbortSignal): Promise<StoredObject | undefined>;
  /** Absent where an upload that was stopped cannot be gone on with. */
  readonly resumable?: Resumable;
}

/** What a later run needs of a destination to go on with an upload. */
export interface Resumable {
  readonly target: JournalTarget;
  /** The same words for the same place; none of them a secret. With the file's path they name the journal. */
  readonly place: readonly string[];
  /** What is stored with the bytes, besides the content type: with other words an upload has to begin anew. */
  readonly wish: readonly string[];
  /**
   * A session of an upload that was begun before. Nothing is asked yet of the upload: its `status` tells whether it is
   * still there.
   */
  resume(object: ObjectToStore, saved: SavedSession, signal: AbortSignal): Promise<MultipartSession>;
  /**
   * The session of an upload of which only the id is known, and what S3 lists of it.
   * @throws S3upError UPLOAD_NOT_FOUND, USAGE for one that this file cannot go on with
   */
  adopt?(object: ObjectToStore, wish: AdoptionWish, signal: AbortSignal): Promise<MultipartSession>;
  /**
   * Ids of the uploads that are open for the very same key, where the destination may ask: one of them may be of a run
   * that was killed before it heard the answer.
   */
  openUploads?(signal: AbortSignal): Promise<readonly string[]>;
}

export interface SavedSession {
  readonly upload: SavedUpload;
  readonly asked: SavedRequest;
  /** The completion that may have been sent. */
  readonly completion: Completion | undefined;
}

export interface AdoptionWish {
  readonly uploadId: string;
  /** Of an upload without any part yet. */
  readonly usualPartSize: number;
  /** What the user insists on. */
  readonly partSize: number | undefined;
}

export interface MultipartWish {
  readonly partSize: number;
  /** A second request with the same one continues the same upload, where the destination can. */
  readonly clientToken?: string;
  /** Undefined: no checksums. */
  readonly checksumAlgorithm: ChecksumAlgorithm | undefined;
}

/** A multipart upload that exists at S3. */
export interface MultipartSession {
  /** Other unfinished uploads under the same key, where one may have been begun by a request whose answer got lost. */
  readonly strays?: readonly string[];
  readonly bucket: string | undefined;
  readonly key: string;
  readonly uploadId: string;
  /** Bytes of every part but the last. */
  readonly partSize: number;
  /** Undefined for an upload that was created without checksums. */
  readonly checksumAlgorithm: ChecksumAlgorithm | undefined;
  /** How the store forms the whole object's checksum; undefined: as S3 does, which is FULL_OBJECT for a CRC. */
  readonly checksumType?: ChecksumType;
  /** True when the upload was there before this session: it may hold parts already. */
  readonly continued?: boolean;
  /** Of a presign endpoint: what every later call names, for the journal. */
  readonly uploadToken?: string;
  /**
   * Signs one part just before it is sent. May be called for many parts at once: an implementation over a network
   * gathers such calls into few requests.
   */
  signPart(part: PartToSign, signal: AbortSignal): Promise<SignedRequest>;
  /** Signs the request that makes the object; the engine sends it with the list of parts as its body. */
  signComplete(completion: Completion, signal: AbortSignal): Promise<SignedRequest>;
  /**
   * Where it is there, the destination makes the object itself and nothing is signed: for a browser, whose bucket allows
   * a page to PUT and nothing else. Undefined while S3 is still at it; asked again then.
   */
  complete?(completion: Completion, signal: AbortSignal): Promise<StoredObject | undefined>;
  /** What S3 says has become of the upload; asked when the answer to the completion got lost. */
  status(signal: AbortSignal): Promise<UploadStatus>;
  /** Succeeds also when the upload is already gone. */
  abort(): Promise<void>;
}

export interface PartToSign {
  readonly partNumber: number;
  readonly contentLength: number;
  /** Undefined for an upload without checksums. */
  readonly checksum: Checksum | undefined;
  /** In base64, where Content-MD5 takes the place of a checksum. */
  readonly md5?: string | undefined;
}

export interface Completion {
  /** In ascending order of their numbers. */
  readonly parts: readonly CompletedPart[];
  /** Of the whole object; undefined where S3 forms it from the parts' (COMPOSITE) or where there is none. */
  readonly checksum: Checksum | undefined;
  readonly size: number;
}

export type UploadStatus =
  | { readonly state: "open"; readonly parts: readonly ListedPart[] }
  /** The upload is no more; `object` is what now stands under its key, where the destination can tell. */
  | { readonly state: "completed"; readonly object: StoredObject }
  | { readonly state: "gone" };

/** The answer to one HTTP request. `body` is cut where `SendOptions.keptAnswer` says. */
export interface SentAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Blocks in the order in which they are sent. A sender asks for the next block only when it is done with the one before,
 * so a source may fill the same memory again.
 */
export type RequestBody = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

export interface SendOptions {
  readonly signal: AbortSignal;
  /** Bytes of the body; sent as `content-length`. 0 where there is no body. */
  readonly contentLength: number;
  /** Called with the number of further bytes handed to the kernel; negative where a sender itself begins anew. */
  readonly onSent?: (bytes: number) => void;
  /** How long the answer may take once the body has left; the sender's own limit when not given. */
  readonly answerTimeoutMs?: number;
  /** The same as so many times the stall timeout; 2 when neither is given. */
  readonly answerPatience?: number;
  /** Bytes of the answer's body that are kept; 64 KiB when not given. */
  readonly keptAnswer?: number;
}

/**
 * Stands in `headers.etag` where a browser hides the ETag of a success, because CORS does not expose it. The list of
 * parts has the real one.
 */
export const HIDDEN_ETAG = "hidden";

/**
 * Why a request got no answer. `reusedSocket`: the server closed an idle connection, which says nothing about it.
 * `cors`: there is a server, and the browser does not let the page speak to it.
 */
export class SendFailure extends Error {
  readonly reason: "connect" | "dns" | "tls" | "reset" | "stalled" | "protocol" | "cors" | "descriptors";
  readonly reusedSocket: boolean;
  /** A sentence for people that says more than the reason does: that of a proxy on the way. */
  readonly detail: string | undefined;

  constructor(
    reason: SendFailure["reason"],
    message: string,
    options: { reusedSocket?: boolean; cause?: unknown; detail?: string | undefined } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "SendFailure";
    this.reason = reason;
    this.reusedSocket = options.reusedSocket ?? false;
    this.detail = options.detail;
  }
}

/**
 * Sends one signed request over a kept-alive connection.
 * Any HTTP status is an answer, not an error; no answer is a `SendFailure`; an aborted signal rejects with its reason,
 * after the socket is gone. In every case no block of `body` is in use any more when the promise settles.
 */
export interface PartSender {
  send(request: SignedRequest, body: RequestBody | undefined, options: SendOptions): Promise<SentAnswer>;
  /**
   * Opens connections to the URL's host ahead of the requests that will use them, until so many are there, those in use
   * included. No failure: the requests will meet it themselves.
   * @returns the round trip, as soon as it is known
   */
  connect?(url: string, connections: number): Promise<number | undefined>;
  /** Milliseconds to the URL's host and back, where it is known. */
  roundTrip?(url: string): number | undefined;
  close(): void;
}

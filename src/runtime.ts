/**
 * All that a command may touch besides its options. Types only: `node-runtime.ts` builds the real one, and loads each
 * adapter (SDK, HTTP, terminal, sandbox) when a command first asks for it; tests hand in a fake.
 */
import type { EndpointProbe } from "./audit/endpoint-facts.ts";
import type { AuditEvent } from "./audit/many.ts";
import type { AuditFormat } from "./audit/report-formats.ts";
import type { AuditReport, SourcePlace } from "./audit/result.ts";
import type { Rule, RuleDescription } from "./audit/rule.ts";
import type { BucketSnapshot } from "./audit/snapshot.ts";
import type { BucketList, SnapshotSource } from "./audit/source.ts";
import type { Report, ReportOptions } from "./report/reporter.ts";

export type { Report, ReportEvent } from "./report/reporter.ts";

import type { ChecksumAlgorithm } from "./protocol/messages.ts";
import type { Sandbox, SandboxOptions } from "./sandbox/sandbox.ts";
import type { MultipartControl } from "./signing/multipart-control.ts";
import type { Signer } from "./signing/signer.ts";
import type { StoreName, StoreQuirks } from "./signing/store-quirks.ts";
import type { Emit, StoredObject } from "./upload/events.ts";
import type { JournalStore } from "./upload/journal.ts";
import type { Manifest } from "./upload/manifest.ts";
import type { Found, Selection } from "./upload/selection.ts";
import type { FileSource, SourceFacts } from "./upload/source.ts";
import type { Destination, PartSender } from "./upload/transport.ts";

export interface Runtime {
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** The result goes to `stdout`, everything else to `stderr`. */
  readonly stdout: ResultOutput;
  readonly stderr: TextOutput;
  /** Writes one line of JSON to stdout; the first line of a run carries `"v":1`. */
  json(line: JsonLine): void;
  /** Aborts at the first SIGINT or SIGTERM, with an `S3upError` INTERRUPTED or TERMINATED as its reason. */
  readonly signal: AbortSignal;
  now(): Date;
  /** A number in [0, 1), for jitter. */
  random(): number;
  newId(): string;
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Share of the time since the last question, 0 to 1, in which this process computed instead of waiting. */
  load(): number;

  /** @throws S3upError FILE_NOT_FOUND, FILE_UNREADABLE */
  readText(path: string): Promise<string>;
  /** Replaces the file. @throws S3upError FILE_UNWRITABLE */
  writeText(path: string, pieces: Iterable<string>): Promise<void>;
  /** The path of the nearest file of this name, from the working directory upwards. */
  findUpwards(name: string): Promise<string | undefined>;
  /** @throws S3upError FILE_NOT_FOUND, FILE_UNREADABLE, USAGE for a directory */
  openFile(path: string): Promise<FileSource>;
  /** What a selection stands for, one after the other, as the file system gives it. @throws S3upError */
  findFiles(selection: Selection): AsyncIterable<Found>;
  /** Deletes a file that is still as it was. @returns why it was left; undefined when it is gone */
  removeSource(path: string, sent: SourceFacts): Promise<string | undefined>;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** The media type that goes with a file name; `application/octet-stream` when none is known. */
  contentTypeOf(fileName: string): Promise<string>;

  /** The one listener of what happens, chosen by options and terminal. */
  report(options: ReportOptions): Promise<Report>;
  /**
   * AWS as these settings reach it. Loads the SDK where its chain has to find the credentials. A `sender` begins multipart
   * uploads without it as well. `tell` hears what S3 has taught meanwhile, such as the bucket's region.
   * @throws S3upError REGION_UNKNOWN
   */
  s3(settings: AwsSettings & { readonly sender?: PartSender }, tell?: (notice: Notice) => void): Promise<S3Access>;
  /** The `s3 =` block of a profile, and the server that it names. @throws S3upError CONFIG_INVALID */
  transferDefaults(aws: Pick<AwsSettings, "profile" | "endpointUrl">): Promise<TransferDefaults>;
  /** A presign backend. Nothing is asked of it yet. */
  endpoint(settings: EndpointSettings, sender: PartSender): Promise<Destination>;
  /** One PUT to a URL that somebody else signed. @throws S3upError USAGE */
  urlDestination(upload: UrlUpload): Promise<Destination>;
  /** The upload that a manifest was made for; `name` is that of its file, for errors. */
  manifestDestination(manifest: Manifest, name: string, sender: PartSender): Promise<Destination>;
  /** Sends signed requests; to be closed by the one who asked for it. @throws S3upError FILE_UNREADABLE (AWS_CA_BUNDLE, ca_bundle) */
  sender(limits: SenderLimits): Promise<PartSender>;
  /** Buckets and their signer as they are in AWS. Nothing is asked yet. @throws S3upError REGION_UNKNOWN */
  liveBuckets(settings: LiveBucketSettings): Promise<LiveBuckets>;
  /**
   * Asks a presign endpoint what no honest client would.
   * @throws S3upError NETWORK, ACCESS_DENIED, ENDPOINT_ERROR, THROTTLED, USAGE
   */
  probeEndpoint(settings: EndpointSettings, wishes: ProbeWishes): Promise<EndpointProbe>;
  /** Reads plans and states of Terraform. */
  terraform(): Promise<TerraformReader>;
  /** The words and formats of an audit. */
  auditTexts(): Promise<AuditTexts>;
  /** What earlier runs saved, to go on with their uploads; one store for the whole run. */
  journals(): Promise<JournalStore>;
  startSandbox(options: Omit<SandboxOptions, "now" | "random">): Promise<Sandbox>;
}

export interface TextOutput {
  write(text: string): void;
  readonly isTerminal: boolean;
}

export interface ResultOutput extends TextOutput {
  /** Piece by piece, and no faster than the reader reads. */
  writeAll(pieces: Iterable<string>): Promise<void>;
}

export interface JsonLine {
  readonly type: string;
  readonly [member: string]: unknown;
}

export interface SenderLimits {
  /** Connections at a time. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** A request without progress for so long is dead. */
  readonly stallTimeoutMs: number;
  /** Whose `ca_bundle` names the certificates to trust, where AWS_CA_BUNDLE does not; undefined: AWS_PROFILE's. */
  readonly profile: string | undefined;
}

/** What the AWS config file says about transfers; each weaker than what the user said to s3up. */
export interface TransferDefaults {
  /** Bytes. */
  readonly multipartThreshold: number | undefined;
  /** Bytes; made to fit where S3 does not take it. */
  readonly partSize: number | undefined;
  /** Requests at a time. */
  readonly concurrency: number | undefined;
  /** False: no checksum is wanted where S3 does not insist on one. */
  readonly checksums: boolean;
  /** The S3 server, whoever named it; undefined: AWS itself. */
  readonly endpoint: string | undefined;
}

/** What the user said about AWS; each `undefined` falls through to the environment and then to the AWS config file. */
export interface AwsSettings {
  readonly profile: string | undefined;
  readonly region: string | undefined;
  readonly endpointUrl: string | undefined;
  /** Undefined: path style where the endpoint is an address or the bucket name holds a dot. */
  readonly pathStyle: boolean | undefined;
  /** False sends requests without a signature, as to a public bucket. */
  readonly signRequests: boolean;
  /** Tries of one control call. */
  readonly maxAttempts: number | undefined;
  readonly connectTimeoutMs: number | undefined;
  /** A control call may take twice as long to be answered; undefined: a minute. */
  readonly stallTimeoutMs?: number | undefined;
  /** Read to decide on path style. */
  readonly bucket: string;
  /** Undefined: by the endpoint's host. */
  readonly store?: StoreName | undefined;
}

/** Said once, to people. */
export interface Notice {
  readonly message: string;
  readonly hint?: string;
}

export interface S3Access {
  readonly region: string;
  /** Whose ways the server has. */
  readonly store: StoreQuirks;
  readonly signer: Signer;
  readonly control: MultipartControl;
  /** Uploads of files with these credentials. */
  destination(upload: DirectUpload): Destination;
  /** Uploads bytes whose number nobody knows beforehand. */
  uploadStream(bytes: AsyncIterable<Uint8Array>, upload: StreamUpload, tools: StreamTools): Promise<StoredObject>;
}

/** Where an object goes and what is stored with it, decided by the user of the credentials. */
export interface DirectUpload {
  readonly bucket: string;
  readonly key: string;
  /** Lower-case `x-amz-*`, `cache-control` and the like, as S3 takes them; no content type. */
  readonly headers: Readonly<Record<string, string>>;
  /** `*`: refuse when the key exists. */
  readonly ifNoneMatch: "*" | undefined;
  /** ETag that the object must have. */
  readonly ifMatch?: string | undefined;
  /** Of every request about the object: a customer's key, the owner that the bucket must have. */
  readonly requestHeaders?: Readonly<Record<string, string>>;
}

export interface UrlUpload {
  readonly url: string;
  /** What the user said about the object, as lower-case headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** True when the user named the content type. */
  readonly contentTypeGiven: boolean;
}

export interface StreamUpload extends DirectUpload {
  readonly contentType: string;
  readonly checksumAlgorithm: ChecksumAlgorithm | undefined;
  /** Bytes of the first parts; later ones grow, where the store takes parts of several sizes. */
  readonly partSize: number;
  /** True: each part says its MD5, in place of a checksum. */
  readonly md5: boolean;
  readonly concurrency: number;
  /** Bytes of the stream in memory; of parts that are larger, one at a time. */
  readonly maxMemory: number;
}

export interface StreamTools {
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

export interface EndpointSettings {
  /** Ends in /presign. */
  readonly url: string;
  readonly auth: EndpointAuth;
  /** Wish for the life of signed requests; undefined: as the endpoint likes. */
  readonly expiresInSeconds: number | undefined;
  readonly metadata: Readonly<Record<string, string>> | undefined;
  readonly maxAttempts: number | undefined;
}

/** How the endpoint is convinced. A token command is run when a token is first needed, and again when it is refused. */
export type EndpointAuth =
  | { readonly kind: "none" }
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "token-command"; readonly command: string }
  | { readonly kind: "iam"; readonly profile: string | undefined; readonly region: string | undefined };

export interface LiveBucketSettings {
  readonly aws: AwsSettings;
  readonly signer: { readonly functionName: string | undefined; readonly role: string | undefined };
}

export interface LiveBuckets extends SnapshotSource, BucketList {
  /** Ends the connections that are kept open. */
  close(): void;
}

export interface TerraformReader {
  /**
   * @param path names the file in errors and reports
   * @throws S3upError CONFIG_INVALID for what is neither a plan nor a state, USAGE for a signer that is not in it
   */
  read(text: string, path: string, signer: LiveBucketSettings["signer"]): PlannedBuckets;
  /** Where the resources of the root module in this directory are written. @throws S3upError FILE_NOT_FOUND where it has no files */
  locate(directory: string): Promise<(address: string) => SourcePlace | undefined>;
}

export interface PlannedBuckets {
  /** One for each bucket, as it will be after apply. */
  readonly snapshots: readonly BucketSnapshot[];
  /** Addresses of buckets that the plan deletes or only forgets; nothing is said of them. */
  readonly left: readonly string[];
}

export interface ProbeWishes {
  /** True: a few bytes may be uploaded. */
  readonly upload: boolean;
  readonly signal: AbortSignal;
}

export interface AuditTexts {
  /** In pieces: a report on thousands of buckets is more than one string can hold. */
  render(format: AuditFormat, report: AuditReport, told: AuditTold): Iterable<string>;
  ruleTable(rules: readonly ToldRule[]): string;
  /** One line of JSON. */
  ruleListJson(rules: readonly ToldRule[]): string;
  ruleExplanation(rule: ToldRule): string;
  /** Says on stderr how far it is; to be closed before anything else is written. */
  progress(wishes: AuditProgressWishes): AuditProgress;
}

/** A rule as text tells of it. */
export type ToldRule = RuleDescription & Pick<Rule, "needs">;

export interface AuditTold {
  readonly rules: readonly ToldRule[];
  /** Undefined: as the environment and the terminal say. */
  readonly color: boolean | undefined;
}

export interface AuditProgressWishes {
  /** Undefined where nobody knows yet, as with all buckets of an account. */
  readonly total: number | undefined;
  /** False with --quiet and --no-progress. */
  readonly shown: boolean;
}

export interface AuditProgress {
  emit(event: AuditEvent): void;
  close(): void;
}

/** Translates what the SDK throws into s3up's errors, once. S3's own codes are explained in `signing/s3-errors.ts`. */
import { S3upError } from "../errors.ts";
import { s3ErrorFrom } from "../signing/s3-errors.ts";

/** What was being done, in the SDK's spelling of the operation. */
export interface SdkCall {
  readonly operation: string;
  readonly bucket?: string;
  readonly key?: string;
  /** Host of the S3 endpoint, for network errors. */
  readonly host?: string;
}

/** @throws the reason of an aborted signal and every S3upError as they are */
export function translateSdkError(error: unknown, call: SdkCall): Error {
  if (error instanceof S3upError) return error;
  if (!(error instanceof Error)) return new Error(String(error));
  if (error.name === "AbortError") return error;

  return (
    credentialsError(error) ?? regionError(error) ?? serviceError(error, call) ?? networkError(error, call) ?? error
  );
}

/** Runs one SDK call with its errors translated. An aborted `signal` rejects with its own reason. */
export async function withSdkErrors<T>(call: SdkCall, run: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  signal?.throwIfAborted();
  try {
    return await run();
  } catch (error) {
    signal?.throwIfAborted();
    throw translateSdkError(error, call);
  }
}

function credentialsError(error: Error): S3upError | undefined {
  if (/expired|refresh/i.test(error.message) && isCredentialsError(error)) {
    return new S3upError("CREDENTIALS_EXPIRED", "The AWS credentials have expired.", {
      why: error.message,
      hint: "Sign in again, for instance with `aws sso login`, and run the same command.",
      cause: error,
    });
  }
  if (!isCredentialsError(error)) return undefined;
  if (/multi-factor|\bMFA\b/i.test(error.message)) {
    return new S3upError("CREDENTIALS_MISSING", "The role of the profile can only be assumed with a code (MFA).", {
      why: `mfa_serial stands in the profile, and s3up asks nobody for a code: ${error.message}`,
      hint: 'Let the AWS CLI ask: eval "$(aws configure export-credentials --format env --profile <name>)", then run the same command without the profile.',
      cause: error,
    });
  }
  return new S3upError("CREDENTIALS_MISSING", "There are no AWS credentials to sign with.", {
    why: error.message,
    hint: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or --profile, or use --endpoint, which needs none.",
    cause: error,
  });
}

function isCredentialsError(error: Error): boolean {
  return (
    error.name.endsWith("CredentialsProviderError") ||
    error.name === "TokenProviderError" ||
    error.name === "ProviderError" ||
    /could not load credentials|resolved credential object is not valid/i.test(error.message)
  );
}

function regionError(error: Error): S3upError | undefined {
  if (!/region is missing|invalid region/i.test(error.message)) return undefined;
  return new S3upError("REGION_UNKNOWN", "It is not known in which region the bucket is.", {
    why: error.message,
    hint: "Use --region, or set AWS_REGION.",
    cause: error,
  });
}

/** An answer that carries an HTTP status came from S3, whatever class the SDK made of it. */
function serviceError(error: Error, call: SdkCall): S3upError | undefined {
  const status = statusOf(error);
  if (status === undefined && !isServiceException(error)) return undefined;
  return s3ErrorFrom({
    status: status ?? 0,
    code: codeOf(error),
    message: error.message === error.name || error.message === "UnknownError" ? undefined : error.message,
    operation: call.operation,
    bucket: call.bucket,
    key: call.key,
    region: regionOf(error),
    serverTime: stringMember(error, "ServerTime"),
    requestTime: stringMember(error, "RequestTime"),
    cause: error,
  });
}

/** By its members, as the SDK itself tells them: the class would bring the whole client along. */
function isServiceException(error: Error): boolean {
  return /^(client|server)$/.test(stringMember(error, "$fault") ?? "") && Reflect.get(error, "$metadata") !== undefined;
}

/** What a service said in an answer that the SDK threw; empty for an error that is none. */
export interface ServiceAnswer {
  readonly status: number | undefined;
  readonly code: string | undefined;
  /** The region that S3 named as the bucket's. */
  readonly region: string | undefined;
}

export function serviceAnswerIn(error: unknown): ServiceAnswer {
  if (!(error instanceof Error)) return { status: undefined, code: undefined, region: undefined };
  const status = statusOf(error);
  return { status, code: status === undefined ? undefined : codeOf(error), region: regionOf(error) };
}

/** The SDK names errors without a body after the status (`403`, `NotFound`, `UnknownError`). */
function codeOf(error: Error): string | undefined {
  const code = stringMember(error, "Code") ?? error.name;
  return /^(\d{3}|NotFound|UnknownError|Unknown|Error|Forbidden)$/.test(code) ? undefined : code;
}

function statusOf(error: Error): number | undefined {
  const metadata: unknown = Reflect.get(error, "$metadata");
  const status: unknown =
    typeof metadata === "object" && metadata !== null ? Reflect.get(metadata, "httpStatusCode") : undefined;
  return typeof status === "number" ? status : undefined;
}

function regionOf(error: Error): string | undefined {
  const response: unknown = Reflect.get(error, "$response");
  const headers: unknown =
    typeof response === "object" && response !== null ? Reflect.get(response, "headers") : undefined;
  const header: unknown =
    typeof headers === "object" && headers !== null ? Reflect.get(headers, "x-amz-bucket-region") : undefined;
  return typeof header === "string" ? header : stringMember(error, "Region");
}

function stringMember(error: Error, name: string): string | undefined {
  const value: unknown = Reflect.get(error, name);
  return typeof value === "string" ? value : undefined;
}

const networkReasons: readonly (readonly [RegExp, why: (host: string) => string, hint: string])[] = [
  [
    /^(ENOTFOUND|EAI_AGAIN)$/,
    (host) => `The name ${host} could not be resolved.`,
    "Check the endpoint, the region and the network connection.",
  ],
  [/^ECONNREFUSED$/, (host) => `Nothing listens at ${host}.`, "Check --endpoint-url, or start the server."],
  [
    /^(ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE)$/,
    (host) => `${host} closed the connection.`,
    "Run the same command again.",
  ],
  [
    /^(ETIMEDOUT|ESOCKETTIMEDOUT|TimeoutError|RequestTimeout|UND_ERR_CONNECT_TIMEOUT)$/,
    (host) => `${host} did not answer in time.`,
    "Check the network, a firewall, and --connect-timeout.",
  ],
  [
    /^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/,
    (host) => `There is no route to ${host}.`,
    "Check the network connection.",
  ],
  [
    /^(EMFILE|ENFILE)$/,
    () => "The system gives this process no more file descriptors.",
    "Raise the limit, for instance with `ulimit -n 1024`, or use a lower --concurrency.",
  ],
  [
    /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|^ERR_TLS|^EPROTO$/,
    (host) => `The certificate of ${host} is not trusted, or it does not speak TLS.`,
    "Name the authority's certificate in AWS_CA_BUNDLE, or check http:// against https://.",
  ],
];

function networkError(error: Error, { host = "S3" }: SdkCall): S3upError | undefined {
  for (const link of causes(error)) {
    const detail = stringMember(link, "proxyDetail");
    if (detail !== undefined) return proxyError(host, detail, error);
    const code = stringMember(link, "code") ?? link.name;
    const reason = networkReasons.find(([pattern]) => pattern.test(code));
    if (reason === undefined) continue;
    const [, why, hint] = reason;
    return new S3upError("NETWORK", `${host} could not be reached.`, { why: why(host), hint, cause: error });
  }
  return undefined;
}

/** What `http/proxy-tunnel.ts` says of a proxy on the way. */
function proxyError(host: string, why: string, cause: Error): S3upError {
  const hint = "Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and that the proxy runs.";
  return new S3upError("NETWORK", `${host} could not be reached.`, { why, hint, cause });
}

/** An error, what caused it, and the tries that an AggregateError (IPv4 and IPv6) gathers. */
function* causes(error: unknown, depth = 0): Generator<Error> {
  if (!(error instanceof Error) || depth > 5) return;
  yield error;
  if (error instanceof AggregateError) for (const inner of error.errors) yield* causes(inner, depth + 1);
  yield* causes(error.cause, depth + 1);
}

/** The error for a request that is not tried again, as a reader needs it. */
import { S3upError } from "../errors.ts";
import type { ForeignSignature } from "../signing/foreign-signature.ts";
import { readS3Error } from "../signing/s3-answers.ts";
import { s3ErrorFrom } from "../signing/s3-errors.ts";
import { judge, type Outcome } from "./retry.ts";
import type { SendFailure, SentAnswer } from "./transport.ts";

export interface RequestSubject {
  /** In the SDK's spelling. */
  readonly operation: "PutObject" | "UploadPart" | "CompleteMultipartUpload";
  readonly partNumber: number | undefined;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  /** Host and port that the request goes to. */
  readonly host: string;
  /** True where only one version may be replaced. */
  readonly ifMatch?: boolean;
}

/** @param tries those that counted */
export function gaveUp(
  subject: RequestSubject,
  outcome: Outcome,
  tries: number,
  signature: ForeignSignature | undefined,
): S3upError {
  switch (outcome.kind) {
    case "answer":
      return refusal(subject, outcome, tries, signature);
    case "failure":
      return noAnswer(subject, outcome.failure, tries);
    case "unbelievable":
      return new S3upError(
        outcome.corrupt ? "CHECKSUM_MISMATCH" : "S3_ERROR",
        `${subject.host} confirmed ${nameOf(subject)} in a way that cannot be believed${inTries(tries)}.`,
        {
          why: `Its answer: ${outcome.reason}.`,
          hint: "Check that the address is S3's and that no proxy answers in its place.",
        },
      );
  }
}

function refusal(
  subject: RequestSubject,
  outcome: { kind: "answer"; answer: SentAnswer },
  tries: number,
  signature: ForeignSignature | undefined,
): S3upError {
  const { answer } = outcome;
  const said = readS3Error(answer.body);
  const error = s3ErrorFrom({
    status: answer.status,
    code: said?.code,
    message: said?.message,
    operation: subject.operation,
    ifMatch: subject.ifMatch,
    bucket: subject.bucket,
    key: subject.key,
    region: answer.headers["x-amz-bucket-region"] ?? said?.region,
    serverTime: said?.serverTime,
    requestTime: said?.requestTime,
    signature,
  });
  if (judge(outcome) === "final" || tries < 2) return error;
  return new S3upError(error.code, `${capital(nameOf(subject))} could not be sent${inTries(tries)}.`, {
    why: [error.message, error.why].filter(Boolean).join(" "),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}

const reasons: Readonly<
  Record<SendFailure["reason"], { readonly why: (host: string) => string; readonly hint: string }>
> = {
  connect: {
    why: (host) => `No connection to ${host} came about.`,
    hint: "Check the address, the network, and a firewall on the way.",
  },
  dns: { why: (host) => `The name ${host} could not be resolved.`, hint: "Check the address and the network." },
  tls: {
    why: (host) => `The certificate of ${host} is not trusted, or it does not speak TLS.`,
    hint: "Name the authority's certificate in AWS_CA_BUNDLE, or check http:// against https://.",
  },
  reset: { why: (host) => `${host} closed the connection before it answered.`, hint: "Run the same command again." },
  stalled: {
    why: (host) => `Nothing moved on the connection to ${host} for too long.`,
    hint: "Run the same command again; on a slow line with a larger --stall-timeout or a lower --concurrency.",
  },
  descriptors: {
    why: () => "The system gives this process no more file descriptors.",
    hint: "Raise the limit, for instance with `ulimit -n 1024`, or use a lower --concurrency.",
  },
  protocol: {
    why: (host) => `${host} answered with something that is not HTTP.`,
    hint: "Check the address and that no proxy changes the answers.",
  },
  cors: {
    why: (host) => `${host} is there, but its CORS settings do not let this page speak to it.`,
    hint: "Add this page's origin to the CORS settings of the bucket, for PUT and with all headers.",
  },
};

function noAnswer(subject: RequestSubject, failure: SendFailure, tries: number): S3upError {
  const { why, hint } = reasons[failure.reason];
  return new S3upError("NETWORK", `${capital(nameOf(subject))} could not be sent${inTries(tries)}.`, {
    why: failure.detail ?? why(subject.host),
    hint: failure.detail === undefined ? hint : "Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and that the proxy runs.",
    cause: failure,
  });
}

function nameOf({ operation, partNumber }: RequestSubject): string {
  if (operation === "CompleteMultipartUpload") return "the completion of the upload";
  return partNumber === undefined ? "the file" : `part ${partNumber}`;
}

function inTries(tries: number): string {
  return tries > 1 ? ` in ${tries} tries` : "";
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

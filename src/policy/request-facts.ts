import { ABSENT_KEY, type Facts, factsFrom, type KeyFact, PRESENT_KEY, valueFact } from "./evaluate.ts";

/** How an upload is presigned: a PUT by URL, or a POST by form. */
export type PresignMode = "put" | "post";

export interface UploadRequest {
  readonly mode: PresignMode;
  /** Age of the signature when the request arrives. */
  readonly signatureAgeMs: number;
  /**
   * Headers that the client sends, lower case, such as `x-amz-server-side-encryption`. Undefined: not known, so that a
   * condition on one is answered with "sometimes".
   */
  readonly headers?: Readonly<Record<string, string>>;
  /** The signing principal, where it is known. */
  readonly principalArn?: string;
  readonly principalAccount?: string;
}

/** Headers of an upload that have a condition key of their own name. */
const HEADER_KEYS: readonly string[] = [
  "x-amz-acl",
  "x-amz-content-sha256",
  "x-amz-copy-source",
  "x-amz-grant-full-control",
  "x-amz-grant-read",
  "x-amz-grant-read-acp",
  "x-amz-grant-write",
  "x-amz-grant-write-acp",
  "x-amz-metadata-directive",
  "x-amz-server-side-encryption",
  "x-amz-server-side-encryption-aws-kms-key-id",
  "x-amz-server-side-encryption-customer-algorithm",
  "x-amz-storage-class",
  "x-amz-website-redirect-location",
  "if-none-match",
  "if-match",
];

/** What is known about a presigned upload of s3up: HTTPS, Signature Version 4, signed moments ago, by a role and no service. */
export function presignedUpload(request: UploadRequest): Facts {
  const table = new Map<string, KeyFact>([
    ...modernTransport(),
    ["s3:signatureversion", valueFact("AWS4-HMAC-SHA256")],
    ["s3:authtype", valueFact(request.mode === "put" ? "REST-QUERY-STRING" : "POST")],
    ["s3:signatureage", valueFact(String(request.signatureAgeMs))],
    ["aws:principalisawsservice", valueFact("false")],
    ["aws:principalservicename", ABSENT_KEY],
    ["aws:principalservicenameslist", ABSENT_KEY],
    ["aws:viaawsservice", valueFact("false")],
    ["aws:principalarn", request.principalArn === undefined ? PRESENT_KEY : valueFact(request.principalArn)],
    [
      "aws:principalaccount",
      request.principalAccount === undefined ? PRESENT_KEY : valueFact(request.principalAccount),
    ],
    ["aws:userid", PRESENT_KEY],
    ["aws:principaltype", PRESENT_KEY],
  ]);
  if (request.headers !== undefined) {
    for (const header of HEADER_KEYS) {
      const value = request.headers[header];
      table.set(`s3:${header}`, value === undefined ? ABSENT_KEY : valueFact(value));
    }
  }
  return factsFrom(table);
}

/** What is known about any signed request of one principal, whatever it asks for. */
export function requestsOf(principalArn: string | undefined, account: string | undefined): Facts {
  const table = new Map<string, KeyFact>([
    ["aws:principalarn", principalArn === undefined ? PRESENT_KEY : valueFact(principalArn)],
    ["aws:principalaccount", account === undefined ? PRESENT_KEY : valueFact(account)],
    ["aws:userid", PRESENT_KEY],
    ["aws:principaltype", PRESENT_KEY],
    ["aws:principalisawsservice", valueFact("false")],
    ["aws:principalservicename", ABSENT_KEY],
    ["aws:principalservicenameslist", ABSENT_KEY],
    ["aws:securetransport", PRESENT_KEY],
    ["s3:authtype", PRESENT_KEY],
    ["s3:signatureversion", PRESENT_KEY],
  ]);
  return factsFrom(table);
}

/** What an administrator's ordinary request looks like: the console, a CLI, Terraform. */
export function ordinaryRequest(account: string | undefined): Facts {
  return factsFrom(
    new Map<string, KeyFact>([
      ...modernTransport(),
      ["s3:signatureversion", valueFact("AWS4-HMAC-SHA256")],
      ["s3:authtype", valueFact("REST-HEADER")],
      ["s3:signatureage", valueFact("1000")],
      ["aws:principalisawsservice", valueFact("false")],
      ["aws:principalservicename", ABSENT_KEY],
      ["aws:principalservicenameslist", ABSENT_KEY],
      ["aws:principalarn", PRESENT_KEY],
      ["aws:principalaccount", account === undefined ? PRESENT_KEY : valueFact(account)],
      ["aws:userid", PRESENT_KEY],
      ["aws:principaltype", PRESENT_KEY],
    ]),
  );
}

function modernTransport(): [string, KeyFact][] {
  return [
    ["aws:securetransport", valueFact("true")],
    ["s3:tlsversion", valueFact("1.3")],
  ];
}

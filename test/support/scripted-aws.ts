/** A server on loopback that is S3, S3 Control, IAM, Lambda, API Gateway and STS at once, and answers what a test says. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One request, named by service and what it asks: `s3 policy`, `iam GetRole`, `lambda /policy`, `s3control /accesspoint`. */
export interface AwsCall {
  readonly name: string;
  /** From the signature. */
  readonly region: string;
  /** `x-amz-expected-bucket-owner`. */
  readonly owner: string | undefined;
  readonly path: string;
  /** Query, or the form in the body. */
  readonly parameters: URLSearchParams;
}

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Undefined: as a new bucket, and an account where nothing is set, would answer. */
export type Script = (call: AwsCall) => ScriptedAnswer | undefined;

export interface ScriptedAws {
  readonly endpoint: string;
  readonly calls: readonly AwsCall[];
  /** Answers nothing until so many requests wait at once; then again for the next number, and so on. */
  holdUntil(...numbers: readonly number[]): void;
  script(script: Script): void;
  reset(): void;
  close(): Promise<void>;
}

export const account = "111122223333";

export async function startScriptedAws(): Promise<ScriptedAws> {
  let calls: AwsCall[] = [];
  let script: Script = () => undefined;
  let gates: number[] = [];
  let waiting: (() => void)[] = [];

  const server = createServer(async (request, response) => {
    const call = await callOf(request);
    calls.push(call);
    const answer = () => send(response, script(call) ?? usual(call));
    if (gates.length === 0) return answer();
    waiting.push(answer);
    if (waiting.length < (gates[0] ?? 0)) return;
    gates = gates.slice(1);
    const ready = waiting;
    waiting = [];
    for (const go of ready) go();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    get calls() {
      return calls;
    },
    holdUntil: (...numbers) => {
      gates = [...numbers];
    },
    script: (next) => {
      script = next;
    },
    reset: () => {
      calls = [];
      script = () => undefined;
      gates = [];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** S3's error document, with the bucket's region where S3 would say it. */
export function s3Refusal(status: number, code: string, region?: string): ScriptedAnswer {
  return {
    status,
    headers: { "content-type": "application/xml", ...(region === undefined ? {} : { "x-amz-bucket-region": region }) },
    body: `<Error><Code>${code}</Code><Message>${code}</Message></Error>`,
  };
}

/** That of S3 Control, IAM and STS. */
export function wrappedRefusal(status: number, code: string): ScriptedAnswer {
  return xml(`<ErrorResponse><Error><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`, status);
}

/** That of Lambda and API Gateway. */
export function jsonRefusal(status: number, code: string): ScriptedAnswer {
  return { status, headers: { "x-amzn-errortype": code }, body: JSON.stringify({ message: code }) };
}

export function xml(body: string, status = 200): ScriptedAnswer {
  return { status, headers: { "content-type": "application/xml" }, body };
}

export function json(body: unknown): ScriptedAnswer {
  return { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** An answer of IAM or STS: `members` inside `<…Result>`. */
export function queryAnswer(action: string, members: string): ScriptedAnswer {
  return xml(`<${action}Response><${action}Result>${members}</${action}Result></${action}Response>`);
}

const notConfigured: Readonly<Record<string, string>> = {
  "s3 policy": "NoSuchBucketPolicy",
  "s3 policyStatus": "NoSuchBucketPolicy",
  "s3 publicAccessBlock": "NoSuchPublicAccessBlockConfiguration",
  "s3 ownershipControls": "OwnershipControlsNotFoundError",
  "s3 encryption": "ServerSideEncryptionConfigurationNotFoundError",
  "s3 cors": "NoSuchCORSConfiguration",
  "s3 lifecycle": "NoSuchLifecycleConfiguration",
  "s3 website": "NoSuchWebsiteConfiguration",
  "s3 object-lock": "ObjectLockConfigurationNotFoundError",
};

const empty: Readonly<Record<string, string>> = {
  "s3 acl": "<AccessControlPolicy><Owner><ID>a</ID></Owner><AccessControlList/></AccessControlPolicy>",
  "s3 versioning": "<VersioningConfiguration/>",
  "s3 logging": "<BucketLoggingStatus/>",
  "s3 notification": "<NotificationConfiguration/>",
  "s3control /accesspoint": "<ListAccessPointsResult><AccessPointList/></ListAccessPointsResult>",
};

function usual({ name }: AwsCall): ScriptedAnswer {
  const body = empty[name];
  if (body !== undefined) return xml(body);
  const code = notConfigured[name];
  if (code !== undefined) return s3Refusal(404, code);
  if (name === "s3control /configuration/publicAccessBlock") {
    return wrappedRefusal(404, "NoSuchPublicAccessBlockConfiguration");
  }
  if (name === "sts GetCallerIdentity") return queryAnswer("GetCallerIdentity", `<Account>${account}</Account>`);
  if (name.startsWith("lambda ")) return jsonRefusal(404, "ResourceNotFoundException");
  return s3Refusal(501, "NotImplemented");
}

async function callOf(request: IncomingMessage): Promise<AwsCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  const [, region = "", service = ""] =
    /Credential=[^/]+\/\d+\/([^/]*)\/([^/]*)\//.exec(request.headers.authorization ?? "") ?? [];
  const owner = request.headers["x-amz-expected-bucket-owner"];
  const form = new URLSearchParams(Buffer.concat(chunks).toString());
  const place = { region, owner: typeof owner === "string" ? owner : undefined, path: pathname };
  if (service === "iam" || service === "sts") {
    return { ...place, name: `${service} ${form.get("Action")}`, parameters: form };
  }
  return { ...place, name: restName(service, pathname, searchParams), parameters: searchParams };
}

function restName(service: string, path: string, query: URLSearchParams): string {
  const control = /^\/v20180820(\/.*)$/.exec(path)?.[1];
  if (control !== undefined) return `s3control ${control}`;
  if (service === "lambda") return `lambda ${/\/functions\/[^/]+(\/.*)$/.exec(path)?.[1] ?? path}`;
  if (service === "apigateway") return `apigateway ${path}`;
  const selector = [...query.keys()].find((key) => key !== "x-id") ?? "";
  return `s3 ${selector}`;
}

function send(response: ServerResponse, { status = 200, headers = {}, body = "" }: ScriptedAnswer): void {
  response.writeHead(status, headers).end(body);
}

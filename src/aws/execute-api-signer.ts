/** Authorizes a request to an API Gateway that asks for IAM: Signature V4 for `execute-api`, in headers. */
import { HttpRequest } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import { type ClientSurroundings, connectS3 } from "./client.ts";
import { translateSdkError } from "./sdk-errors.ts";

export interface ExecuteApiWishes {
  readonly profile: string | undefined;
  /** Undefined: as the host of the endpoint, the environment or the profile says. */
  readonly region: string | undefined;
}

export interface RequestToAuthorize {
  readonly method: string;
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Authorize = (request: RequestToAuthorize) => Promise<Readonly<Record<string, string>>>;

/** @throws S3upError REGION_UNKNOWN, CREDENTIALS_MISSING, CREDENTIALS_EXPIRED */
export async function createExecuteApiSigner(
  endpoint: string,
  wishes: ExecuteApiWishes,
  surroundings: ClientSurroundings & { readonly now: () => Date },
): Promise<Authorize> {
  const { host } = new URL(endpoint);
  const { client, facts } = await connectS3(
    {
      profile: wishes.profile,
      region: wishes.region ?? regionOfHost(host),
      endpointUrl: undefined,
      pathStyle: undefined,
      bucket: host,
      signRequests: true,
      maxAttempts: undefined,
      connectTimeoutMs: undefined,
    },
    surroundings,
  );
  const signer = new SignatureV4({
    service: "execute-api",
    region: facts.region,
    credentials: client.config.credentials,
    sha256: client.config.sha256,
  });

  return async ({ method, url, headers, body }) => {
    const { protocol, hostname, port, pathname, searchParams } = new URL(url);
    const request = new HttpRequest({
      method,
      protocol,
      hostname,
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: { ...headers, host: port === "" ? hostname : `${hostname}:${port}` },
      body,
    });
    try {
      const signed = await signer.sign(request, { signingDate: surroundings.now() });
      return Object.fromEntries(Object.entries(signed.headers).filter(([name]) => addedBySignature.has(name)));
    } catch (error) {
      throw translateSdkError(error, { operation: "sign" });
    }
  };
}

const addedBySignature = new Set(["authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"]);

/** `<id>.execute-api.<region>.amazonaws.com` */
function regionOfHost(host: string): string | undefined {
  return /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/.exec(host)?.[1];
}

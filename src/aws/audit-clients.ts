/** The clients of an audit, one for each service and region, made when first asked for. Nothing is sent until then. */
import type { ApiGatewayV2Client } from "@aws-sdk/client-apigatewayv2";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import type { S3ControlClient } from "@aws-sdk/client-s3-control";
import type { STSClient } from "@aws-sdk/client-sts";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { loadSharedConfigFiles } from "@smithy/shared-ini-file-loader";
import type { AwsService } from "../audit/facet-access.ts";
import type { AwsFacts } from "./aws-settings.ts";
import { type ClientSurroundings, type ClientWishes, connectS3, direct } from "./client.ts";
import { type ServiceEndpoint, serviceEndpoint } from "./service-endpoints.ts";
import { triesOf } from "./tries.ts";

export type AuditWishes = Omit<ClientWishes, "signRequests">;

export interface AuditClients {
  readonly facts: AwsFacts;
  /** Account id that came with the credentials, as with those of SSO and of an assumed role, or stands in AWS_ACCOUNT_ID. */
  readonly accountOfCredentials: () => Promise<string | undefined>;
  endpointOf(service: AwsService): ServiceEndpoint;
  s3(region: string): S3Client;
  s3control(region: string): Promise<S3ControlClient>;
  iam(): Promise<IAMClient>;
  lambda(region: string): Promise<LambdaClient>;
  apigateway(region: string): Promise<ApiGatewayV2Client>;
  sts(): Promise<STSClient>;
  /** Ends the connections that are kept open. */
  close(): void;
}

const connectTimeoutMs = 5_000;
/** A read of a setting answers in a second; one that takes so long is given up and tried again. */
const requestTimeoutMs = 20_000;
const connections = 64;

/** @throws S3upError REGION_UNKNOWN, CONFIG_INVALID, FILE_UNREADABLE */
export async function connectAudit(wishes: AuditWishes, surroundings: ClientSurroundings): Promise<AuditClients> {
  const { client, facts, ca } = await connectS3({ ...wishes, signRequests: true }, surroundings);
  const { configFile } = await loadSharedConfigFiles();
  const { environment, version } = surroundings;
  const endpointFacts = {
    named: wishes.endpointUrl,
    s3: facts.endpoint,
    profile: facts.profile,
    environment,
    sections: configFile,
  };
  const endpointOf = (service: AwsService) => serviceEndpoint(service, endpointFacts);
  const connectionTimeout = wishes.connectTimeoutMs ?? connectTimeoutMs;
  const makeAgents = surroundings.agents ?? direct;
  const agents = makeAgents({ connections, connectTimeoutMs: connectionTimeout, certificates: ca });
  const requestHandler = new NodeHttpHandler({
    connectionTimeout,
    requestTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
    logger: silent,
    httpAgent: agents.http,
    httpsAgent: agents.https,
  });
  const settings = (service: AwsService, region: string) => {
    const endpoint = endpointOf(service);
    return {
      region,
      credentials: client.config.credentials,
      requestHandler,
      customUserAgent: [["s3up", version]] as [string, string][],
      logger: silent,
      ...(environment.AWS_RETRY_MODE ? {} : { retryMode: "adaptive" }),
      // Throttled reads are tried again, with growing pauses of up to 20 s and at a lower rate.
      ...triesOf(wishes.maxAttempts, environment),
      ...(endpoint.kind === "custom" ? { endpoint: endpoint.url } : {}),
    };
  };
  const kept = new Map<string, unknown>();
  const once = <T>(key: string, make: () => T): T => {
    if (!kept.has(key)) kept.set(key, make());
    return kept.get(key) as T;
  };

  return {
    facts,
    accountOfCredentials: async () =>
      (await client.config.credentials()).accountId ?? (environment.AWS_ACCOUNT_ID || undefined),
    endpointOf,
    s3: (region) =>
      once(`s3 ${region}`, () => new S3Client({ ...settings("s3", region), forcePathStyle: facts.pathStyle })),
    s3control: (region) =>
      once(`s3control ${region}`, async () => {
        const { S3ControlClient: Client } = await import("@aws-sdk/client-s3-control");
        const isCustom = endpointOf("s3control").kind === "custom";
        const control = new Client({ ...settings("s3control", region), disableHostPrefix: isCustom });
        if (isCustom) addressWithoutAccount(control.config);
        return control;
      }),
    iam: () =>
      once("iam", async () => {
        const { IAMClient: Client } = await import("@aws-sdk/client-iam");
        return new Client(settings("iam", facts.region));
      }),
    lambda: (region) =>
      once(`lambda ${region}`, async () => {
        const { LambdaClient: Client } = await import("@aws-sdk/client-lambda");
        return new Client(settings("lambda", region));
      }),
    apigateway: (region) =>
      once(`apigateway ${region}`, async () => {
        const { ApiGatewayV2Client: Client } = await import("@aws-sdk/client-apigatewayv2");
        return new Client(settings("apigatewayv2", region));
      }),
    sts: () =>
      once("sts", async () => {
        const { STSClient: Client } = await import("@aws-sdk/client-sts");
        return new Client(settings("sts", facts.region));
      }),
    close: () => requestHandler.destroy(),
  };
}

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** AWS puts the account id before the host of S3 Control; another server has no such names. */
function addressWithoutAccount(config: S3ControlClient["config"]): void {
  const { endpointProvider } = config;
  config.endpointProvider = (parameters, context) =>
    endpointProvider({ ...parameters, RequiresAccountId: false }, context);
}

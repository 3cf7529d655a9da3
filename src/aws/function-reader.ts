/** The function that signs: its role, what its environment says about URLs, and who may call it from where. */
import type { ApiGatewayV2Client } from "@aws-sdk/client-apigatewayv2";
import {
  GetFunctionConfigurationCommand,
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  type LambdaClient,
} from "@aws-sdk/client-lambda";
import { readOf } from "../audit/facet-access.ts";
import type { SignerFunction } from "../audit/facets.ts";
import { policyContent } from "../audit/policy-content.ts";
import { tellingVariables } from "../audit/signer-environment.ts";
import { S3upError } from "../errors.ts";
import { type AskPart, PartUnread, together } from "./facet-reading.ts";

const reads = {
  configuration: readOf("signer", "GetFunctionConfiguration"),
  url: readOf("signer", "GetFunctionUrlConfig"),
  policy: readOf("signer", "GetPolicy"),
  api: readOf("signer", "GetApi"),
} as const;

/** A function behind more APIs is left unread: one call for each. */
const mostApis = 5;

export interface FunctionClients {
  readonly lambda: LambdaClient;
  apigateway(region: string): Promise<ApiGatewayV2Client>;
}

export interface ReadFunction {
  readonly roleArn: string;
  readonly function: SignerFunction;
}

/** @throws S3upError USAGE when there is no such function */
export async function readFunction(
  clients: FunctionClients,
  FunctionName: string,
  ask: AskPart,
  signal: AbortSignal,
): Promise<ReadFunction> {
  const { lambda } = clients;
  const options = { abortSignal: signal };
  const [configuration, url, policy] = await together([
    ask(reads.configuration, () =>
      lambda.send(new GetFunctionConfigurationCommand({ FunctionName }), options).catch((error: unknown) => {
        throw isNotFound(error) ? noSuchFunction(FunctionName, error) : error;
      }),
    ),
    ask(reads.url, () => lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }), options)),
    ask(reads.policy, () => lambda.send(new GetPolicyCommand({ FunctionName }), options)),
  ]);
  if (configuration?.Role === undefined) throw new PartUnread("malformed: the function's configuration names no role");

  const ofApis = await corsOfApis(clients, policy?.Policy ?? "", ask, signal);
  const cors = combined(url?.Cors === undefined ? ofApis : [corsFrom(url.Cors), ...ofApis]);
  return {
    roleArn: configuration.Role,
    function: {
      environment: tellingVariables(configuration.Environment?.Variables ?? {}),
      ...(url === undefined
        ? {}
        : { url: { ...text("AuthType", url.AuthType), ...text("FunctionUrl", url.FunctionUrl) } }),
      ...(policy?.Policy === undefined ? {} : { policy: policyContent(policy.Policy) }),
      ...(cors === undefined ? {} : { cors }),
    },
  };
}

/** `arn:aws:lambda:REGION:ACCOUNT:function:NAME`; undefined for a bare name. */
export function regionOfFunction(name: string): string | undefined {
  return /^arn:[a-z-]+:lambda:([a-z0-9-]+):/.exec(name)?.[1];
}

type Cors = NonNullable<SignerFunction["cors"]>;

interface SdkCors {
  readonly AllowOrigins?: string[] | undefined;
  readonly AllowMethods?: string[] | undefined;
  readonly AllowHeaders?: string[] | undefined;
  readonly AllowCredentials?: boolean | undefined;
}

/** An HTTP API stands before the function where the function's policy lets it call: no list of all APIs is needed. */
async function corsOfApis(
  { apigateway }: FunctionClients,
  policy: string,
  ask: AskPart,
  signal: AbortSignal,
): Promise<readonly Cors[]> {
  const apis = apisIn(policy);
  if (apis.length > mostApis) throw new PartUnread(`more than ${mostApis} APIs in front of the function`);
  if (apis.length === 0) return [];
  const { GetApiCommand } = await import("@aws-sdk/client-apigatewayv2");
  const answers = await together(
    apis.map(async ({ region, id }) => {
      const client = await apigateway(region);
      return ask(reads.api, () => client.send(new GetApiCommand({ ApiId: id }), { abortSignal: signal }));
    }),
  );
  return answers.flatMap((api) => (api?.CorsConfiguration === undefined ? [] : [corsFrom(api.CorsConfiguration)]));
}

function apisIn(policy: string): readonly { readonly region: string; readonly id: string }[] {
  const found = policy.matchAll(/arn:[a-z-]+:execute-api:([a-z0-9-]+):\d{12}:([a-z0-9]+)\b/g);
  const byId = new Map([...found].map(([, region = "", id = ""]) => [id, { region, id }]));
  return [...byId.values()];
}

function corsFrom({ AllowOrigins, AllowMethods, AllowHeaders, AllowCredentials }: SdkCors): Cors {
  return {
    ...(AllowOrigins === undefined ? {} : { AllowOrigins }),
    ...(AllowMethods === undefined ? {} : { AllowMethods }),
    ...(AllowHeaders === undefined ? {} : { AllowHeaders }),
    ...(AllowCredentials === undefined ? {} : { AllowCredentials }),
  };
}

/** Whatever one of the ways in allows is allowed. */
function combined(all: readonly Cors[]): Cors | undefined {
  if (all.length <= 1) return all[0];
  const union = (name: "AllowOrigins" | "AllowMethods" | "AllowHeaders") => [
    ...new Set(all.flatMap((cors) => cors[name] ?? [])),
  ];
  return {
    AllowOrigins: union("AllowOrigins"),
    AllowMethods: union("AllowMethods"),
    AllowHeaders: union("AllowHeaders"),
    AllowCredentials: all.some(({ AllowCredentials }) => AllowCredentials === true),
  };
}

function text<N extends string>(name: N, value: string | undefined): { readonly [K in N]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [K in N]?: string };
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && error.name === "ResourceNotFoundException";
}

function noSuchFunction(name: string, cause: unknown): S3upError {
  return new S3upError("USAGE", `There is no function ${name}.`, {
    why: "Lambda does not know it in this account and region.",
    hint: "Check the name and --region, or name it by its ARN.",
    cause,
  });
}

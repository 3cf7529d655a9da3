/** A function of the plan: its environment, who may call it, and the APIs before it. */
import { UNKNOWN } from "../audit/outline.ts";
import { tellingVariables } from "../audit/signer-environment.ts";
import { endpointCors } from "./delivery-settings.ts";
import { isObject, memberOf, textOf } from "./json-value.ts";
import { blockOf, objectOf, partOf } from "./outline-parts.ts";
import { hasMark } from "./policy-documents.ts";
import { scopeOf, targetsOf } from "./references.ts";
import type { Resource } from "./resource.ts";
import type { ResourceIndex } from "./resource-index.ts";

export interface FunctionFacts {
  /** An outline of `SignerFunction`. */
  readonly function: Readonly<Record<string, unknown>>;
  readonly addresses: readonly string[];
  /** Of the ways to it: routes, URLs, APIs, permissions. */
  readonly ways: readonly string[];
  readonly sensitive: boolean;
}

export function functionFacts(lambda: Resource, index: ResourceIndex): FunctionFacts {
  const urls = index.byType("aws_lambda_function_url").filter((url) => names(url, "function_name", lambda, index));
  const permissions = index.byType("aws_lambda_permission").filter((one) => names(one, "function_name", lambda, index));
  const { apis, routes } = apisBefore(lambda, index);
  const cors = [
    ...urls.map((url) => endpointCors(blockOf(url.after, "cors"))),
    ...apis.map((api) => endpointCors(blockOf(api.after, "cors_configuration"))),
  ].filter((one) => one !== undefined);
  const [url] = urls;
  const parts = [...urls, ...routes, ...apis, ...permissions];
  return {
    function: objectOf({
      environment: environmentOf(lambda),
      url: url === undefined ? undefined : { AuthType: partOf(url.after, "authorization_type") },
      policy: permissions.length === 0 ? undefined : permissionPolicy(permissions),
      cors: combinedCors(cors),
      routes: routes.length === 0 ? undefined : routes.map(routeOf),
    }),
    addresses: [lambda.address],
    ways: parts.map(({ address }) => address),
    sensitive: parts.some(({ sensitive }) => hasMark(sensitive)) || hasMark(memberOf(lambda.sensitive, "environment")),
  };
}

/** Secrets are left out before anything else looks at them. */
function environmentOf(lambda: Resource): unknown {
  const block = blockOf(lambda.after, "environment");
  if (block === undefined) return {};
  const variables = partOf(block, "variables");
  if (variables === UNKNOWN || block === UNKNOWN) return UNKNOWN;
  if (!isObject(variables)) return {};
  const texts = Object.entries(variables).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : [],
  );
  const unknown = Object.entries(variables).filter(([, value]) => value === UNKNOWN);
  // a name of a bucket that is not known yet is no secret, and the rest of the environment is known
  const telling = tellingVariables(
    Object.fromEntries([...texts, ...unknown.map(([name]) => [name, "known-after-apply"] as const)]),
  );
  const lives = unknown.filter(([name]) => Object.hasOwn(telling, name) && !/bucket/i.test(name));
  return lives.length === 0 ? telling : { ...telling, ...Object.fromEntries(lives) };
}

/** Whether the attribute leads to the function. */
export function names(resource: Resource, attribute: string, lambda: Resource, index: ResourceIndex): boolean {
  if (resource.after === undefined) return false;
  const value = partOf(resource.after, attribute);
  if (typeof value === "string") return isNameOf(value, lambda);
  const expression = memberOf(index.configOf(resource)?.expressions, attribute);
  return targetsOf(expression, scopeOf(resource, index), index).resources.includes(lambda);
}

function isNameOf(text: string, lambda: Resource): boolean {
  const name = textOf(memberOf(lambda.after, "function_name"));
  const own = (["arn", "invoke_arn", "qualified_arn", "function_name"] as const).map((one) =>
    memberOf(lambda.after, one),
  );
  if (own.includes(text)) return true;
  // an ARN with a version or an alias behind it
  return (
    name !== undefined &&
    (text.includes(`:function:${name}:`) || text.includes(`:function:${name}/`) || text.endsWith(`:function:${name}`))
  );
}

interface BeforeFunction {
  readonly apis: readonly Resource[];
  readonly routes: readonly Resource[];
}

function apisBefore(lambda: Resource, index: ResourceIndex): BeforeFunction {
  const integrations = index
    .byType("aws_apigatewayv2_integration")
    .filter((integration) => names(integration, "integration_uri", lambda, index));
  const apis = index
    .byType("aws_apigatewayv2_api")
    .filter(
      (api) => names(api, "target", lambda, index) || integrations.some((one) => leadsTo(one, "api_id", api, index)),
    );
  const routes = index
    .byType("aws_apigatewayv2_route")
    .filter((route) => integrations.some((one) => isTarget(route, one, index)));
  return { apis, routes };
}

function leadsTo(resource: Resource, attribute: string, target: Resource, index: ResourceIndex): boolean {
  const value = partOf(resource.after, attribute);
  if (typeof value === "string") return memberOf(target.after, "id") === value;
  const expression = memberOf(index.configOf(resource)?.expressions, attribute);
  return targetsOf(expression, scopeOf(resource, index), index).resources.includes(target);
}

function isTarget(route: Resource, integration: Resource, index: ResourceIndex): boolean {
  if (route.after === undefined) return false;
  const target = partOf(route.after, "target");
  if (typeof target === "string") return target === `integrations/${String(memberOf(integration.after, "id"))}`;
  return leadsTo(route, "target", integration, index);
}

function routeOf(route: Resource): unknown {
  return {
    RouteKey: partOf(route.after, "route_key"),
    AuthorizationType: partOf(route.after, "authorization_type") ?? "NONE",
  };
}

/** The function's own policy, made of its permissions. */
function permissionPolicy(permissions: readonly Resource[]): unknown {
  return { Version: "2012-10-17", Statement: permissions.map(permissionStatement) };
}

function permissionStatement({ after }: Resource): unknown {
  const principal = partOf(after, "principal");
  const isService = typeof principal === "string" && principal.includes(".");
  const source = partOf(after, "source_arn");
  const account = partOf(after, "source_account");
  const organization = partOf(after, "principal_org_id");
  const auth = partOf(after, "function_url_auth_type");
  const conditions = objectOf({
    // which API it is does not matter to any rule, only that there is one
    ArnLike: source === undefined ? undefined : { "AWS:SourceArn": source === UNKNOWN ? someApi : source },
    StringEquals: nonEmpty({
      "AWS:SourceAccount": account,
      "aws:PrincipalOrgID": organization,
      "lambda:FunctionUrlAuthType": auth,
    }),
  });
  return objectOf({
    Effect: "Allow",
    Principal: principal === "*" ? "*" : isService ? { Service: principal } : { AWS: principal },
    Action: partOf(after, "action"),
    Resource: "*",
    Condition: Object.keys(conditions).length === 0 ? undefined : conditions,
  });
}

const someApi = "arn:aws:execute-api:us-east-1:000000000000:known-after-apply";

function nonEmpty(members: Readonly<Record<string, unknown>>): unknown {
  const object = objectOf(members);
  return Object.keys(object).length === 0 ? undefined : object;
}

/** Whatever one of the ways in allows is allowed. */
function combinedCors(all: readonly unknown[]): unknown {
  if (all.length <= 1) return all[0];
  if (all.includes(UNKNOWN)) return UNKNOWN;
  const union = (name: string) => {
    const values = all.flatMap((cors) => {
      const list = memberOf(cors, name);
      return Array.isArray(list) ? list : list === undefined ? [] : [list];
    });
    return values.length === 0 ? undefined : [...new Set(values)];
  };
  return objectOf({
    AllowOrigins: union("AllowOrigins"),
    AllowMethods: union("AllowMethods"),
    AllowHeaders: union("AllowHeaders"),
    AllowCredentials: all.some((cors) => memberOf(cors, "AllowCredentials") === true),
  });
}

/**
 * Events as an HTTP API of API Gateway sends them (payload format 2.0).
 * Source: API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs".
 */

export interface GatewayRequest {
  readonly method?: string;
  readonly path?: string;
  /** `$default`, or a stage that stands before the path. */
  readonly stage?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes as JSON. */
  readonly body?: object | string;
  readonly base64?: boolean;
  readonly authorizer?: object;
  readonly requestId?: string;
}

export function gatewayEvent(request: GatewayRequest = {}): object {
  const { method = "POST", path = "/presign", stage = "$default", headers = {}, authorizer, base64 = false } = request;
  const rawPath = stage === "$default" ? path : `/${stage}${path}`;
  const host = "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com";
  return {
    version: "2.0",
    routeKey: `${method} ${path}`,
    rawPath,
    rawQueryString: "",
    headers: {
      accept: "*/*",
      "content-type": "application/json",
      host,
      "user-agent": "Mozilla/5.0",
      "x-amzn-trace-id": "Root=1-65f0c0de-0123456789abcdef01234567",
      "x-forwarded-for": "203.0.113.7",
      "x-forwarded-port": "443",
      "x-forwarded-proto": "https",
      ...headers,
    },
    requestContext: {
      accountId: "111122223333",
      apiId: "a1b2c3d4e5",
      ...(authorizer === undefined ? {} : { authorizer }),
      domainName: host,
      domainPrefix: "a1b2c3d4e5",
      http: { method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "203.0.113.7", userAgent: "Mozilla/5.0" },
      requestId: request.requestId ?? "JKJaXmPLvHcESHA=",
      routeKey: `${method} ${path}`,
      stage,
      time: "12/Mar/2026:19:03:58 +0000",
      timeEpoch: 1773342238000,
    },
    ...bodyOf(request.body, base64),
    isBase64Encoded: base64,
  };
}

/** What a JWT authorizer passes on. */
export function jwtAuthorizer(sub: string): object {
  const claims = { aud: "uploads", exp: "1773345838", iss: "https://login.example.com", sub, token_use: "access" };
  return { jwt: { claims, scopes: null } };
}

/** What IAM passes on. */
export function iamAuthorizer(userArn: string): object {
  return {
    iam: {
      accessKey: "ASIAEXAMPLE",
      accountId: "111122223333",
      callerId: "AROAEXAMPLE:session",
      cognitoIdentity: null,
      principalOrgId: "o-example",
      userArn,
      userId: "AROAEXAMPLE:session",
    },
  };
}

function bodyOf(body: object | string | undefined, base64: boolean): { readonly body?: string } {
  if (body === undefined) return {};
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { body: base64 ? Buffer.from(text).toString("base64") : text };
}

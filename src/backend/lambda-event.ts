/** API Gateway's payload format 2.0, which Lambda function URLs share, to and from the handler's own events. */
import * as v from "valibot";
import type { HttpAnswer, HttpEvent } from "./http-event.ts";
import type { BackendSettings } from "./settings.ts";

const lambdaEventSchema = v.object({
  version: v.literal("2.0"),
  rawPath: v.string(),
  headers: v.optional(v.record(v.string(), v.string()), {}),
  body: v.optional(v.string(), ""),
  isBase64Encoded: v.optional(v.boolean(), false),
  requestContext: v.object({
    requestId: v.string(),
    http: v.object({ method: v.string() }),
    authorizer: v.optional(
      v.object({
        jwt: v.optional(v.object({ claims: v.record(v.string(), v.unknown()) })),
        iam: v.optional(v.object({ userArn: v.string() })),
      }),
    ),
  }),
});

export interface LambdaAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @throws Error when the event is of another kind, for instance of a REST API */
export function httpEventOf(event: unknown, auth: BackendSettings["auth"]): HttpEvent {
  const parsed = v.safeParse(lambdaEventSchema, event);
  if (!parsed.success) throw new Error("the event is not one of an HTTP API or a function URL (payload format 2.0)");
  const { rawPath, headers, body, isBase64Encoded, requestContext } = parsed.output;
  const subject = subjectOf(requestContext.authorizer, auth);
  return {
    method: requestContext.http.method,
    path: withoutStage(rawPath),
    headers,
    body: Buffer.from(body, isBase64Encoded ? "base64" : "utf8"),
    ...(subject === undefined ? {} : { subject }),
    requestId: requestContext.requestId,
  };
}

export function lambdaAnswerOf({ status, headers, body }: HttpAnswer): LambdaAnswer {
  return { statusCode: status, headers, body };
}

/** A stage other than `$default`, or the mapping of a custom domain, stands before the path. */
function withoutStage(rawPath: string): string {
  return /\/presign(?:\/multipart(?:\/[a-z]+)?)?\/?$/.exec(rawPath)?.[0] ?? rawPath;
}

type Authorizer = v.InferOutput<typeof lambdaEventSchema>["requestContext"]["authorizer"];

/** Only the identity that the settings name is believed, whatever else the gateway passes on. */
function subjectOf(authorizer: Authorizer, auth: BackendSettings["auth"]): string | undefined {
  const claim = auth === "jwt" ? authorizer?.jwt?.claims.sub : auth === "iam" ? authorizer?.iam?.userArn : undefined;
  return typeof claim === "string" && claim !== "" ? claim : undefined;
}

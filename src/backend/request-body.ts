import * as v from "valibot";
import { Refusal } from "../signing/refusal.ts";
import { type HttpEvent, requestLimit } from "./http-event.ts";

/** @throws Refusal request_too_large, invalid_json */
export function readJson({ body, path }: HttpEvent): object {
  const limit = requestLimit(path);
  if (body.byteLength > limit) {
    throw new Refusal("request_too_large", `The request has ${body.byteLength} bytes; ${limit} are allowed.`, {
      limit,
    });
  }
  const json = parsed(body);
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new Refusal("invalid_json", "The request is not a JSON object.");
  }
  return json;
}

/** @throws Refusal invalid_request naming the first member that is at fault */
export function parseRequest<const Schema extends v.GenericSchema>(
  schema: Schema,
  json: object,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, json, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue) ?? undefined;
  throw new Refusal("invalid_request", `${field ?? "The request"} ${complaint(issue)}.`, {
    ...(field === undefined ? {} : { field }),
  });
}

/** Without what was received: it may be a token. */
function complaint({ type, expected, received }: v.BaseIssue<unknown>): string {
  if (received === "undefined") return "is missing";
  if (type === "safe_integer") return "is not valid: it should be a whole number";
  if (expected === null) return "is not valid";
  return `is not valid: ${type.endsWith("_length") ? "its length" : "it"} should be ${expected}`;
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    // The parser's own message would quote the body.
    throw new Refusal("invalid_json", "The request is not JSON in UTF-8.");
  }
}

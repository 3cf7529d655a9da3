/** What S3 answers to a browser that wants to upload: the first rule that fits decides, and only that one. */

import { exampleOrigin, fits } from "./cors-origin.ts";
import type { CorsRule } from "./facets.ts";
import type { Intent } from "./intent.ts";

export type UploadMethod = "PUT" | "POST";

/** The methods with which the intended pages begin an upload; either will do where nobody said which. */
export function uploadMethods({ mode }: Intent): readonly UploadMethod[] {
  if (mode === undefined) return ["PUT", "POST"];
  return mode === "post" ? ["POST"] : ["PUT"];
}

/** The rule that S3 applies to a request. A preflight also has to find all its headers in the rule. */
export function answeringRule(
  rules: readonly CorsRule[],
  origin: string,
  method: string,
  headers: readonly string[] = [],
): CorsRule | undefined {
  return rules.find(
    (rule) =>
      rule.AllowedMethods.includes(method) &&
      rule.AllowedOrigins.some((pattern) => fits(pattern, origin)) &&
      headers.every((header) => allowsHeader(rule, header)),
  );
}

export function allowsHeader({ AllowedHeaders = [] }: CorsRule, header: string): boolean {
  return AllowedHeaders.some((pattern) => fits(pattern.toLowerCase(), header.toLowerCase()));
}

/** The origins to ask about: those that are meant, and without any the ones that the rules for the method name themselves. */
export function askedOrigins(rules: readonly CorsRule[], method: string, { origins }: Intent): readonly string[] {
  if (origins.length > 0) return origins;
  const patterns = rules.filter((rule) => rule.AllowedMethods.includes(method)).flatMap((rule) => rule.AllowedOrigins);
  return [...new Set(patterns.map(exampleOrigin))];
}

/** Browsers send these without asking, or set them themselves; a preflight never names them. Source: the Fetch standard. */
const neverAsked: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "connection",
  "content-language",
  "content-length",
  "date",
  "expect",
  "host",
  "origin",
  "referer",
  "te",
  "transfer-encoding",
  "user-agent",
]);

/** The headers of the upload that the preflight asks for. */
export function preflightHeaders({ signedHeaders }: Intent): readonly string[] {
  return [...new Set(signedHeaders.map((header) => header.toLowerCase()))].filter((header) => !neverAsked.has(header));
}

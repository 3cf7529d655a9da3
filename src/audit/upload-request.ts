/** The requests that a presigned upload makes, as a policy sees them. */
import { ABSENT_KEY, type Facts, type KeyFact, PRESENT_KEY, valueFact } from "../policy/evaluate.ts";
import { presignedUpload } from "../policy/request-facts.ts";
import type { Signer } from "./facets.ts";
import type { Intent } from "./intent.ts";
import { isOwnBackend } from "./own-backend.ts";

/** `signed`: no header but those that are said to be signed. `any`: whatever else a signer may have put under the signature. */
export type OtherHeaders = "signed" | "any";

/** One for each kind of request: with multipart a part, which no header can make conditional, is a second one. */
export function uploadRequests(
  { roleArn, function: lambda }: Signer,
  intent: Intent,
  { ageMs, headers }: { readonly ageMs: number; readonly headers: OtherHeaders },
): readonly Facts[] {
  const mode = intent.mode === "post" ? "post" : "put";
  const account = roleArn?.split(":")[4];
  const isKnown = headers === "signed" || isOwnBackend(lambda?.environment ?? {});
  const object = presignedUpload({
    mode,
    signatureAgeMs: ageMs,
    ...(roleArn === undefined ? {} : { principalArn: roleArn }),
    ...(account === undefined || account === "" ? {} : { principalAccount: account }),
    ...(isKnown ? { headers: {} } : {}),
  });
  const creates = withKeys(object, [["s3:objectcreationoperation", valueFact("true")], ...signedKeys(intent)]);
  if (intent.mode !== "multipart") return [creates];
  const part = withKeys(object, [
    ["s3:objectcreationoperation", valueFact("false")],
    ["s3:if-none-match", ABSENT_KEY],
  ]);
  return [creates, part];
}

/** A form has no headers of the object's; of a condition, only one value makes sense. */
function signedKeys({ mode, signedHeaders }: Intent): readonly (readonly [string, KeyFact])[] {
  if (mode === "post") return [];
  return signedHeaders.map((header) => [`s3:${header}`, header === "if-none-match" ? valueFact("*") : PRESENT_KEY]);
}

function withKeys(facts: Facts, known: readonly (readonly [string, KeyFact])[]): Facts {
  const table = new Map(known);
  return (keyName) => table.get(keyName) ?? facts(keyName);
}

/** The requests that a presigned upload makes, as a policy sees them. */
import { ABSENT_KEY, type Facts, type KeyFact, PRESENT_KEY, valueFact } from "../policy/evaluate.ts";
import { presignedUpload } from "../policy/request-facts.ts";
import type { Signer } from "./facets.ts";
import type { Intent } from "./intent.ts";
import { isOwnBackend } from "./own-backend.ts";

/**
 * One for each kind of request: with multipart a part, which no header can make conditional, is a second one. Of s3up's own
 * backend the headers are known; of others, only those that are said to be signed.
 */
export function uploadRequests({ roleArn, function: lambda }: Signer, intent: Intent, ageMs: number): readonly Facts[] {
  const isOwn = isOwnBackend(lambda?.environment ?? {});
  const mode = intent.mode === "post" ? "post" : "put";
  const account = roleArn?.split(":")[4];
  const object = presignedUpload({
    mode,
    signatureAgeMs: ageMs,
    ...(roleArn === undefined ? {} : { principalArn: roleArn }),
    ...(account === undefined || account === "" ? {} : { principalAccount: account }),
    ...(isOwn ? { headers: mode === "put" ? { "if-none-match": "*" } : {} } : {}),
  });
  const creates = withKeys(object, [["s3:objectcreationoperation", valueFact("true")], ...signedKeys(intent)]);
  if (intent.mode !== "multipart") return [creates];
  const part = withKeys(object, [
    ["s3:objectcreationoperation", valueFact("false")],
    ["s3:if-none-match", ABSENT_KEY],
  ]);
  return [creates, part];
}

/** Conditional headers have a key of their own, and only one value makes sense for this one. */
function signedKeys({ signedHeaders }: Intent): readonly (readonly [string, KeyFact])[] {
  return signedHeaders.map((header) => [`s3:${header}`, header === "if-none-match" ? valueFact("*") : PRESENT_KEY]);
}

function withKeys(facts: Facts, known: readonly (readonly [string, KeyFact])[]): Facts {
  const table = new Map(known);
  return (keyName) => table.get(keyName) ?? facts(keyName);
}

/** What a refused signature means where the user does not hold the key: it is never the user's secret that is wrong. */
import type { Meaning } from "./s3-error-meanings.ts";
import { optionOfHeader } from "./upload-headers.ts";

/** Who signed, where that is not the user. */
export type ForeignSigner = "url" | "endpoint" | "manifest";

export interface ForeignSignature {
  readonly by: ForeignSigner;
  /** What was sent under the signature, lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

const advice: Readonly<Record<ForeignSigner, string>> = {
  url: "Ask for a new URL.",
  endpoint: "Tell whoever runs the endpoint.",
  manifest: "Ask for a new manifest.",
};

const refusedKeys = new Set(["InvalidAccessKeyId", "InvalidToken", "ExpiredToken", "ExpiredTokenException"]);

/** @returns `usual` for what it means whoever signed */
export function foreignMeaning(code: string | undefined, signature: ForeignSignature, usual: Meaning): Meaning {
  if (code === "SignatureDoesNotMatch") {
    return signature.by === "url" ? signedForOthers(signature, usual) : signedWrongly(signature, usual);
  }
  if (code === undefined || !refusedKeys.has(code)) return usual;
  return {
    ...usual,
    why: `S3 answered ${code}: the credentials that signed it are not valid any more.`,
    hint: advice[signature.by],
  };
}

/** A URL is made beforehand, so what it signs and what is sent may differ. */
function signedForOthers({ headers }: ForeignSignature, usual: Meaning): Meaning {
  const sent = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const options = Object.keys(headers).map(optionOfHeader);
  const flags = [...new Set(options.filter((option) => option !== undefined))];
  return {
    error: "ACCESS_DENIED",
    message: usual.message,
    why:
      sent.length === 0
        ? "The URL was changed on its way here, or was not signed for a PUT."
        : `The URL was not signed for what was sent: ${sent.join(", ")}.`,
    hint: `Send the very file that it was signed for${flags.length === 0 ? "" : `, with ${flags.join(", ")} as it was signed`}; \`s3up explain\` shows what it binds.`,
  };
}

function signedWrongly({ by }: ForeignSignature, usual: Meaning): Meaning {
  return {
    error: "ACCESS_DENIED",
    message: usual.message,
    why: `The signature does not match: the ${by === "endpoint" ? "endpoint signs with a wrong secret key" : "manifest was changed"}, or something changed the request on its way.`,
    hint: `${advice[by]} A proxy between here and S3 must not change headers.`,
  };
}

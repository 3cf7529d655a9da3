/**
 * The last defence: takes credentials out of text that is about to be shown. Errors are not supposed to hold any; this
 * is for the one that does, such as a message of a library that quotes a URL.
 */
const rules: readonly (readonly [RegExp, string])[] = [
  // A whole signed query goes: with the signature alone taken out it still tells the session token.
  [
    /\?[^\s"'<>]*(?:X-Amz-(?:Signature|Credential|Security-Token)|AWSAccessKeyId|[?&]Signature)=[^\s"'<>]*/gi,
    "?[signature removed]",
  ],
  [
    /\b(X-Amz-(?:Signature|Credential|Security-Token)|Signature|AWSAccessKeyId|Policy)(=|%3D|["']?:\s*["']?)[^\s"'&<>,;]+/gi,
    "$1$2[removed]",
  ],
  [/\b(Bearer|Basic|AWS4-HMAC-SHA256)\s+[^\r\n"'<>]+/gi, "$1 [removed]"],
  [
    /(?<![a-z0-9])(upload_?token|session_?token|x-amz-security-token|secret_?access_?key|password)(["']?\s*[=:]\s*["']?)[^\s"'&<>,;]+/gi,
    "$1$2[removed]",
  ],
  [/(https?:\/\/)[^\s/@"'<>]+@/gi, "$1"],
];

export function scrub(text: string): string {
  return rules.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text);
}

import { Refusal } from "./refusal.ts";

const MAX_LENGTH = 255;
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const shape = new RegExp(
  `^(${TOKEN})/(${TOKEN})(?:[ \\t]*;[ \\t]*${TOKEN}=(?:${TOKEN}|"[^"\\\\\\x00-\\x1f\\x7f-\\uffff]*"))*$`,
);

/**
 * Types that a browser runs or that carry script. Opened from the bucket's own origin they can act in its name, so a
 * wildcard does not cover them: the allow-list has to name each.
 */
const activeTypes = new Set([
  "text/html",
  "text/xml",
  "text/xsl",
  "text/javascript",
  "text/ecmascript",
  "text/jscript",
  "text/livescript",
  "text/vbscript",
  "text/x-javascript",
  "text/x-ecmascript",
  "text/cache-manifest",
  "application/xml",
  "application/javascript",
  "application/ecmascript",
  "application/x-javascript",
  "application/x-ecmascript",
  "application/x-shockwave-flash",
  "application/vnd.adobe.flash.movie",
  "application/x-xpinstall",
  "application/hta",
  "message/rfc822",
  "multipart/related",
  "multipart/x-mixed-replace",
]);

/**
 * The content type to sign, as the sender will write it.
 * @param allowed entries such as `image/*`, `application/pdf`, `*` + `/*`
 * @throws Refusal invalid_request, content_type_not_allowed
 */
export function grantContentType(contentType: string, allowed: readonly string[]): string {
  const written = contentType.trim();
  const bare = bareType(written);
  if (bare === undefined) {
    throw new Refusal("invalid_request", "contentType is not a media type such as image/png.", {
      field: "contentType",
    });
  }
  if (!allowed.some((entry) => covers(entry.toLowerCase(), bare))) {
    throw new Refusal("content_type_not_allowed", `${bare} is not allowed here; allowed: ${allowed.join(", ")}.`, {
      field: "contentType",
    });
  }
  return written;
}

/** Type and subtype in lower case, without parameters; undefined when the text is not a media type. */
export function bareType(contentType: string): string | undefined {
  const [, type, subtype] = (contentType.length <= MAX_LENGTH && shape.exec(contentType)) || [];
  const bare = `${type}/${subtype}`.toLowerCase();
  return type === undefined || bare.includes("*") ? undefined : bare;
}

export function isBrowserActive(bare: string): boolean {
  return activeTypes.has(bare) || bare.endsWith("+xml");
}

function covers(entry: string, bare: string): boolean {
  if (entry === bare) return true;
  if (isBrowserActive(bare)) return false;
  return entry === "*/*" || (entry.endsWith("/*") && bare.startsWith(entry.slice(0, -1)));
}

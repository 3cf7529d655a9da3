/**
 * The same value without the query of any signed URL: evidence quotes what was found, and that may be one. Nothing else
 * is taken out, because a report on policies is full of words that look like secrets (`Policy:`, `Signature`).
 */
export function scrubbed<T>(value: T): T {
  return scrubbedValue(value) as T;
}

function scrubbedValue(value: unknown): unknown {
  if (typeof value === "string") return withoutSignedQueries(value);
  if (Array.isArray(value)) return value.map(scrubbedValue);
  if (typeof value !== "object" || value === null) return value;
  // A fix is our own text with plain names in it, filled in only when it is read: it stays as it is.
  const members = Object.entries(value);
  for (const member of members) if (member[0] !== "fix") member[1] = scrubbedValue(member[1]);
  return Object.fromEntries(members);
}

const signed = /(?:X-Amz-(?:Signature|Credential|Security-Token)|AWSAccessKeyId|[?&]Signature)=/i;

function withoutSignedQueries(text: string): string {
  if (!text.includes("?")) return text;
  // Word by word, because one pattern over the whole text takes quadratic time on a text of question marks.
  return text.replace(/[^\s"'<>]+/g, (word) => {
    const query = word.indexOf("?");
    return query >= 0 && signed.test(word.slice(query)) ? `${word.slice(0, query)}?[signature removed]` : word;
  });
}

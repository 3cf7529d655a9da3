/** Which variables of a signing function an audit may look at. All others stay unread: an environment often holds secrets. */

/** Words of names whose values say how long, where and for whom the function signs. */
const telling =
  /^(expir\w*|ttl|age|life|lifetime|duration|validity|seconds|minutes|prefix|bucket|origins?|modes?|overwrite|auth|folder|directory|multipart)$/;
const secretive = /^(secrets?|tokens?|passw\w*|pass|credentials?|private|signature|hash|salt|cookie|session|dsn|api)$/;

export function isTellingVariable(name: string): boolean {
  const words = wordsOf(name);
  if (words.some((word) => secretive.test(word)) || hasSecretKey(words)) return false;
  return words.some((word) => telling.test(word));
}

/** Only what `isTellingVariable` lets through, and no address with a password in it. */
export function tellingVariables(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(environment).filter(
    ([name, value]) => isTellingVariable(name) && !/:\/\/[^/]*@/.test(value),
  );
  return Object.fromEntries(entries);
}

/** `KEY_PREFIX` is about object keys; `API_KEY` and `SIGNING_KEY_AGE` are not. */
function hasSecretKey(words: readonly string[]): boolean {
  return words.some(
    (word, index) => /^keys?$/.test(word) && !/^(prefix|folder|directory)$/.test(words[index + 1] ?? ""),
  );
}

/** `UPLOAD_BUCKET`, `uploadBucket` and `upload-bucket` have the same words. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

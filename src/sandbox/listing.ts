/** One page of a list of keys, those with a common beginning rolled up. Knows nothing of HTTP and XML. */
export interface ListingQuery {
  readonly prefix: string;
  /** Empty: nothing is rolled up. */
  readonly delimiter: string;
  /** Keys up to and including this one were listed before; it may be a common prefix. */
  readonly after: string;
  readonly limit: number;
}

export interface ListingPage {
  readonly keys: readonly string[];
  /** Beginnings that stand for all keys below them; each counts as one entry of the page. */
  readonly commonPrefixes: readonly string[];
  /** Undefined on the last page; otherwise what to give as `after` for the next one. */
  readonly next: string | undefined;
}

/** @param sortedKeys in the order of their bytes in UTF-8 */
export function listKeys(sortedKeys: readonly string[], query: ListingQuery): ListingPage {
  // S3 says of an empty page that was asked for that nothing follows
  if (query.limit === 0) return { keys: [], commonPrefixes: [], next: undefined };
  const keys: string[] = [];
  const commonPrefixes: string[] = [];
  let last = query.after;
  let index = firstCandidate(sortedKeys, query);
  while (index < sortedKeys.length) {
    const key = sortedKeys[index] ?? "";
    if (!key.startsWith(query.prefix)) break;
    const common = commonPrefixOf(key, query);
    const isNew = common === undefined || common !== query.after;
    if (isNew && keys.length + commonPrefixes.length >= query.limit) return { keys, commonPrefixes, next: last };
    if (common === undefined) keys.push(key);
    else if (isNew) commonPrefixes.push(common);
    last = common ?? key;
    index = common === undefined ? index + 1 : firstIndex(sortedKeys, index, (other) => !other.startsWith(common));
  }
  return { keys, commonPrefixes, next: undefined };
}

function firstCandidate(sortedKeys: readonly string[], { prefix, after }: ListingQuery): number {
  const afterBytes = Buffer.from(after);
  const prefixBytes = Buffer.from(prefix);
  return firstIndex(sortedKeys, 0, (key) => {
    const bytes = Buffer.from(key);
    return bytes.compare(prefixBytes) >= 0 && (after === "" || bytes.compare(afterBytes) > 0);
  });
}

function commonPrefixOf(key: string, { prefix, delimiter }: ListingQuery): string | undefined {
  if (delimiter === "") return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

/** The first index, from `from` on, of which `holds` is true; it must be true of all that follow. */
function firstIndex(sortedKeys: readonly string[], from: number, holds: (key: string) => boolean): number {
  let low = from;
  let high = sortedKeys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(sortedKeys[middle] ?? "")) high = middle;
    else low = middle + 1;
  }
  return low;
}

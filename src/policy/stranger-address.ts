import type { Condition } from "./condition.ts";
import {
  ADDRESS_BITS,
  formatAddress,
  type IpAddress,
  type IpRange,
  isPrivateRange,
  parseIpAddress,
  parseIpRange,
  WIDEST_FIXED_PREFIX,
} from "./ip-range.ts";
import type { Statement } from "./statement.ts";

/** The broadcast address, from which no request ever comes. */
const NOWHERE = "255.255.255.255";
const MOST_ADDRESSES = 32;

/**
 * The statement as it concerns someone who sits in no narrow network: inside such a one sits its owner. A stranger gets an
 * address inside only where the ranges of a condition are together broader than what S3 takes for fixed.
 */
export function outsideNarrowNetworks(statement: Statement): Statement {
  if (!statement.conditions.some(isNarrow)) return statement;
  const conditions = statement.conditions.map((condition) =>
    isNarrow(condition) ? { ...condition, values: [NOWHERE] } : condition,
  );
  return { ...statement, conditions };
}

function isNarrow({ keyName, operator, values }: Condition): boolean {
  if (keyName !== "aws:sourceip" || operator.family !== "ip") return false;
  const ranges = values.map(parseIpRange);
  const known = ranges.filter((range) => range !== undefined);
  return known.length === ranges.length && !isBroad(known);
}

/** Private ranges are no part of the internet, and nested ones count once. */
function isBroad(ranges: readonly IpRange[]): boolean {
  return ([4, 6] as const).some((version) => {
    const most = 1n << BigInt(ADDRESS_BITS[version] - WIDEST_FIXED_PREFIX[version]);
    let end = 0n;
    let covered = 0n;
    for (const range of inOrder(ranges.filter((one) => one.version === version && !isPrivateRange(one)))) {
      if (range.network < end) continue;
      end = range.network + sizeOf(range);
      covered += sizeOf(range);
    }
    return covered > most;
  });
}

/** Of two ranges that begin alike the wider one first: ranges are nested or apart, never crossed. */
function inOrder(ranges: readonly IpRange[]): IpRange[] {
  return ranges.toSorted((a, b) =>
    a.network === b.network ? a.prefixLength - b.prefixLength : a.network < b.network ? -1 : 1,
  );
}

function sizeOf({ version, prefixLength }: IpRange): bigint {
  return 1n << BigInt(ADDRESS_BITS[version] - prefixLength);
}

/** Addresses inside and on either side of each range: between them nothing changes. */
export function addressesAround(ranges: readonly IpRange[], where: "internet" | "anywhere"): string[] {
  const found = new Set(
    ["198.51.100.7", "2001:db8:ffff::7"].flatMap((text) => parseIpAddress(text) ?? []).map(formatAddress),
  );
  for (const range of ranges) {
    for (const address of edgesOf(range, where)) found.add(formatAddress(address));
    if (found.size > MOST_ADDRESSES) break;
  }
  return [...found];
}

function edgesOf(range: IpRange, where: "internet" | "anywhere"): IpAddress[] {
  const last = (1n << BigInt(ADDRESS_BITS[range.version])) - 1n;
  return [range.network, range.network - 1n, range.network + sizeOf(range)]
    .filter((value) => value >= 0n && value < last)
    .map((value) => ({ version: range.version, value }))
    .filter(
      ({ version, value }) =>
        where === "anywhere" || !isPrivateRange({ version, network: value, prefixLength: ADDRESS_BITS[version] }),
    );
}

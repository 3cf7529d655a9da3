/** A block of addresses as CIDR writes it. */
export interface IpRange {
  readonly version: 4 | 6;
  /** The first address, host bits cleared. */
  readonly network: bigint;
  readonly prefixLength: number;
}

export interface IpAddress {
  readonly version: 4 | 6;
  readonly value: bigint;
}

export const ADDRESS_BITS = { 4: 32, 6: 128 } as const;

/** Ranges that exist inside every private network (RFC 1918) and cannot be a source on the internet. */
const PRIVATE_RANGES: readonly IpRange[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(parseKnown);

/** `203.0.113.0/24`, `2001:db8::/32`, or one address. Undefined for everything else. */
export function parseIpRange(text: string): IpRange | undefined {
  const [addressText = "", lengthText, ...more] = text.split("/");
  const address = parseIpAddress(addressText);
  if (address === undefined || more.length > 0) return undefined;

  const bits = ADDRESS_BITS[address.version];
  if (lengthText !== undefined && !/^(0|[1-9][0-9]{0,2})$/.test(lengthText)) return undefined;
  const prefixLength = lengthText === undefined ? bits : Number(lengthText);
  if (prefixLength > bits) return undefined;

  const hostBits = BigInt(bits - prefixLength);
  return { version: address.version, network: (address.value >> hostBits) << hostBits, prefixLength };
}

export function parseIpAddress(text: string): IpAddress | undefined {
  const value = text.includes(":") ? parseV6(text) : parseV4(text);
  return value === undefined ? undefined : { version: text.includes(":") ? 6 : 4, value };
}

export function contains(range: IpRange, address: IpAddress): boolean {
  const hostBits = BigInt(ADDRESS_BITS[range.version] - range.prefixLength);
  return range.version === address.version && address.value >> hostBits === range.network >> hostBits;
}

export function isPrivateRange(range: IpRange): boolean {
  return PRIVATE_RANGES.some(
    (outer) =>
      range.prefixLength >= outer.prefixLength && contains(outer, { version: range.version, value: range.network }),
  );
}

/** The longest that a fixed range of the internet may be before S3 calls it public. */
export const WIDEST_FIXED_PREFIX = { 4: 8, 6: 32 } as const;

/** What S3 does not take for a fixed set of addresses: more than a /8 of IPv4, more than a /32 of IPv6. */
export function isBroaderThanFixed(range: IpRange): boolean {
  return range.prefixLength < WIDEST_FIXED_PREFIX[range.version];
}

export function formatAddress({ version, value }: IpAddress): string {
  const width = version === 4 ? 8 : 16;
  const groups = Array.from({ length: ADDRESS_BITS[version] / width }, (_, index) => {
    const shift = BigInt(ADDRESS_BITS[version] - width * (index + 1));
    return (value >> shift) & ((1n << BigInt(width)) - 1n);
  });
  return groups.map((group) => group.toString(version === 4 ? 10 : 16)).join(version === 4 ? "." : ":");
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255)) {
    return undefined;
  }
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? "");
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? "") : [];
  if (head === undefined || tail === undefined) return undefined;

  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  return [...head, ...Array<bigint>(missing).fill(0n), ...tail].reduce((value, group) => value * 65_536n + group, 0n);
}

/** The 16-bit groups of one side of `::`; the last may be an IPv4 address and is two groups then. */
function groupsOf(text: string): bigint[] | undefined {
  if (text === "") return [];
  const groups: bigint[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const embedded = index === parts.length - 1 && part.includes(".") ? parseV4(part) : undefined;
    if (embedded !== undefined) groups.push(embedded >> 16n, embedded & 0xffffn);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}

function parseKnown(text: string): IpRange {
  const range = parseIpRange(text);
  if (range === undefined) throw new TypeError(`${text} is no range`);
  return range;
}

/** What a key carries that a file name must not bring into it. S3 itself takes all of this; what reads the keys later does not. */

interface KeyTrait {
  /** Completes "a key that …". */
  readonly what: string;
  readonly has: (key: string) => boolean;
}

/** Where one segment is longer, file systems cannot store the object under its name. */
const longestSegmentBytes = 255;

const traits: readonly KeyTrait[] = [
  {
    what: 'holds a "." or ".." segment',
    has: (key) => key.split(/[/\\]/).some((part) => part === "." || part === ".."),
  },
  { what: "holds an empty segment", has: (key) => key.split("/").includes("") },
  { what: "holds a backslash", has: (key) => key.includes("\\") },
  { what: "holds a NUL character", has: (key) => key.includes("\u0000") },
  { what: "holds control characters", has: (key) => /[\p{Cc}\u2028\u2029]/u.test(key.replaceAll("\u0000", "")) },
  { what: "holds invisible or direction-changing characters", has: (key) => /\p{Cf}/u.test(key) },
  { what: "holds a percent-encoded separator, dot or NUL", has: (key) => /%(25)*(2e|2f|5c|00|0a|0d)/i.test(key) },
  { what: "holds a variable that S3 fills in for forms", has: (key) => /\$\{/.test(key) },
  {
    what: `has a segment of more than ${longestSegmentBytes} bytes`,
    has: (key) => key.split("/").some((part) => new TextEncoder().encode(part).byteLength > longestSegmentBytes),
  },
];

/** Empty for a key that is fine; each member completes "a key that …". */
export function hostileTraits(key: string): readonly string[] {
  return traits.filter(({ has }) => has(key)).map(({ what }) => what);
}

/** Text of an environment variable -> value. Each parser throws a plain Error whose message completes "NAME …". */

const units: Readonly<Record<string, number>> = { "": 1, KIB: 1024, MIB: 1024 ** 2, GIB: 1024 ** 3, TIB: 1024 ** 4 };

export function bytesBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const [, digits, unit = ""] = /^(\d{1,15})\s*([KMGT]iB)?$/i.exec(text.trim()) ?? [];
    const bytes = Number(digits) * (units[unit.toUpperCase()] ?? Number.NaN);
    if (!Number.isSafeInteger(bytes)) throw new Error("is not a size such as 16777216 or 16MiB");
    return within(bytes, least, most, "bytes");
  };
}

export function numberBetween(least: number, most: number, unit: string): (text: string) => number {
  return (text) => {
    if (!/^\d{1,15}$/.test(text.trim())) throw new Error("is not a whole number");
    return within(Number(text), least, most, unit);
  };
}

export function yesOrNo(text: string): boolean {
  const word = text.trim().toLowerCase();
  if (word !== "true" && word !== "false") throw new Error("is neither true nor false");
  return word === "true";
}

export function oneOf<const Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((candidate) => candidate === text.trim());
    if (word === undefined) throw new Error(`is not one of ${words.join(", ")}`);
    return word;
  };
}

/** Separated by commas; each at most once, at least one. */
export function listOf<Item>(parse: (text: string) => Item): (text: string) => readonly Item[] {
  return (text) => {
    const items = text
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "");
    if (items.length === 0) throw new Error("names nothing");
    return [...new Set(items.map(parse))];
  };
}

/** S3's rules for general purpose buckets, or the ARN of an access point. */
export function bucketName(text: string): string {
  const isName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text) && !text.includes("..");
  const isArn = /^arn:aws[a-z-]*:s3[a-z-]*:[a-z0-9-]*:\d{12}:accesspoint[/:][a-z0-9-]+$/.test(text);
  if (!isName && !isArn) throw new Error("is not the name of a bucket");
  return text;
}

/** The key itself, not an alias: IAM grants `kms:GenerateMac` on keys. */
export function kmsKeyArn(text: string): string {
  if (!/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/.test(text))
    throw new Error("is not the ARN of a KMS key");
  return text;
}

/** Segments that neither a URL nor a policy reads in another way; no slash at either end of the result. */
export function keyPrefix(text: string): string {
  const prefix = text.replace(/\/$/, "");
  const isSafe = prefix.split("/").every((segment) => /^[A-Za-z0-9!_.'()-]+$/.test(segment) && !/^\.+$/.test(segment));
  if (!isSafe) throw new Error("is not a prefix such as uploads or team/uploads: no empty, . or .. segment, no * or $");
  if (prefix.length > 512) throw new Error("is longer than 512 bytes");
  return prefix;
}

/** A media type, or one with `*` for the subtype or for both. */
export function contentTypePattern(text: string): string {
  const pattern = text.toLowerCase();
  if (!/^(?:\*\/\*|[a-z0-9][a-z0-9!#$&^_.+-]*\/(?:\*|[a-z0-9][a-z0-9!#$&^_.+-]*))$/.test(pattern)) {
    throw new Error(`has "${text.slice(0, 60)}", which is neither a media type nor a pattern such as image/*`);
  }
  return pattern;
}

/** The message never shows the value. */
export function secret(text: string): string {
  if (text.length < 32) throw new Error("has fewer than 32 characters; make one with `openssl rand -base64 32`");
  return text;
}

function within(value: number, least: number, most: number, unit: string): number {
  if (value < least || value > most)
    throw new Error(`is ${value}; it must be from ${least} to ${most} ${unit}`.trimEnd());
  return value;
}

/** Puts the bucket's own names into the commands of a fix. */
import type { Intent } from "./intent.ts";
import type { Fix } from "./rule.ts";
import type { BucketSnapshot } from "./snapshot.ts";

/**
 * A name that is not known stays as it is written in the rule, in capitals, for the reader to fill in; so does one that a shell
 * would read as more than a name, for these lines are made to be pasted.
 */
export function fixFor(fix: Fix, names: FixNames): Fix {
  return new FilledFix(fix, names);
}

/**
 * Filled in only when it is read: most results pass, and of a thousand buckets fifty thousand texts would be kept for nothing
 * (measured: 48 of 64 KiB a bucket).
 */
class FilledFix implements Fix {
  readonly #fix: Fix;
  readonly #names: FixNames;

  constructor(fix: Fix, names: FixNames) {
    this.#fix = fix;
    this.#names = names;
  }

  get cli(): string {
    return filled(this.#fix.cli, this.#names);
  }

  get terraform(): string {
    return filled(this.#fix.terraform, this.#names);
  }
}

/** What the words in capitals stand for, of one bucket. */
export type FixNames = Readonly<Record<string, string | undefined>>;

export function fixNamesOf(snapshot: BucketSnapshot, intent: Intent): FixNames {
  return {
    // a bucket whose name nobody knows yet goes by its address, which is no name for a command
    BUCKET: snapshot.bucket === snapshot.planned?.address ? undefined : snapshot.bucket,
    PREFIX: intent.prefix,
    ACCOUNT: snapshot.accountId,
    ORIGIN: intent.origins[0] ?? "https://app.example.com",
    METHOD: intent.mode === "post" ? "POST" : "PUT",
    PARTITION: snapshot.arn.split(":")[1],
    ROLE: roleName(snapshot),
    MAX_AGE: String(intent.maxAgeSeconds),
    MAX_AGE_MS: String(intent.maxAgeSeconds * 1000),
  };
}

function filled(text: string, names: FixNames): string {
  return text.replace(placeholder, (name) => {
    const value = names[name];
    return value !== undefined && isPlain(value) ? value : name;
  });
}

function isPlain(value: string): boolean {
  return /^[\p{L}\p{N}._:/-]*$/u.test(value);
}

const placeholder = /\b(BUCKET|PREFIX|ACCOUNT|ORIGIN|METHOD|PARTITION|ROLE|MAX_AGE|MAX_AGE_MS)\b/g;

function roleName({ facets: { signer } }: BucketSnapshot): string | undefined {
  return signer.state === "present" ? signer.value.roleArn?.split("/").at(-1) : undefined;
}

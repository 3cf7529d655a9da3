/** What the environment of s3up's own presign backend says, its defaults included (docs/backend-settings.md). */

type Environment = Readonly<Record<string, string>>;

/** The settings that the backend cannot do without, and others hardly have together. */
export function isOwnBackend({ BUCKET, AUTH }: Environment): boolean {
  return BUCKET !== undefined && AUTH !== undefined && /^(none|jwt|iam)$/.test(AUTH);
}

/** Longest life of a URL that a client can ask for. */
export const LONGEST_BY_DEFAULT = 900;

/** The prefix of keys where KEY_PREFIX is not set, as the environment would say it. */
export const PREFIX_BY_DEFAULT = "uploads";

/** Whether clients may ask for a URL that writes more than once. */
export function mayOverwrite({ OVERWRITE }: Environment): boolean {
  return OVERWRITE === "allowed";
}

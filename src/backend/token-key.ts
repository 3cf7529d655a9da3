/**
 * Secrets for upload tokens that nobody has to make, hand over or store: a KMS key that never leaves KMS gives the MAC of a
 * fixed text, and that is the secret. Every execution environment derives the same one; a new generation is a new text.
 */
import type { BackendSettings } from "./settings.ts";

/** HMAC-SHA-256 of the text with the key of this ARN, as text of at least 32 characters. */
export type MacOfKey = (keyArn: string, text: string) => Promise<string>;

/** The settings with their secrets in place; as they are where none are to be derived. */
export async function withTokenSecrets(settings: BackendSettings, mac: MacOfKey): Promise<BackendSettings> {
  const { tokenKey } = settings;
  if (tokenKey === undefined) return settings;
  const { arn, generation } = tokenKey;
  const generations = generation > 1 ? [generation, generation - 1] : [generation];
  const tokenSecrets = await Promise.all(generations.map((number) => mac(arn, tokenText(number))));
  return { ...settings, tokenSecrets };
}

/** Kept for ever: another text would end every upload that is under way. */
function tokenText(generation: number): string {
  return `s3up upload token, generation ${generation}`;
}

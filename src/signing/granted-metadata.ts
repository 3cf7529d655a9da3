import { Refusal } from "./refusal.ts";

/** Names and values together; the rest of S3's 2 KiB is for the file name. */
const MAX_BYTES = 1000;

/**
 * The client's metadata as headers. Stricter than S3: only what every HTTP stack passes on unchanged.
 * @throws Refusal invalid_request
 */
export function grantMetadata(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(metadata);
  for (const [name, value] of entries) {
    if (!/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/.test(name)) {
      throw refusal("A metadata name has 1 to 64 of a-z, 0-9 and dashes, no dash at either end.");
    }
    if (name.startsWith("s3up-")) throw refusal("Metadata names that begin with s3up- are the server's own.");
    if (!/^[!-~](?:[ -~]*[!-~])?$/.test(value)) {
      throw refusal(`The value of metadata ${name} is empty, or has more in it than printable ASCII.`);
    }
  }
  const bytes = entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (bytes > MAX_BYTES) throw refusal(`The metadata has ${bytes} bytes; ${MAX_BYTES} are allowed.`, MAX_BYTES);
  return Object.fromEntries(entries.map(([name, value]) => [`x-amz-meta-${name}`, value]));
}

function refusal(message: string, limit?: number): Refusal {
  return new Refusal("invalid_request", message, { field: "metadata", ...(limit === undefined ? {} : { limit }) });
}

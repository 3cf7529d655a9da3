/** --sse-c-key -> the headers that carry the key. The key itself stands in a file or in S3UP_SSE_C_KEY, never in argv. */
import { S3upError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { CUSTOMER_KEY_BYTES, customerKeyHeaders, customerKeyIn } from "../signing/customer-key.ts";
import { mayTravel } from "../upload/trust.ts";

/** As it was given: `fileb://path`, or the key itself from the environment. */
export interface CustomerKeyFlags {
  readonly sseC?: string | true;
  readonly sseCKey?: string;
}

/** @throws S3upError USAGE; none of its texts repeats a key */
export function customerKeySource({ sseC, sseCKey }: CustomerKeyFlags, said: readonly string[]): string | undefined {
  if (sseCKey === undefined && sseC === undefined) return undefined;
  if (sseCKey === undefined) {
    throw new S3upError("USAGE", "--sse-c needs a key.", {
      why: "S3 keeps none: whoever writes or reads the object brings it.",
      hint: "Add --sse-c-key fileb://sse.key, or set S3UP_SSE_C_KEY.",
    });
  }
  if (said.includes("--sse-c-key") && filePathIn(sseCKey) === undefined) {
    throw new S3upError("USAGE", "--sse-c-key takes the name of a file.", {
      why: "A key on the command line could be read by everyone on this machine who lists processes.",
      hint: "Write --sse-c-key fileb://sse.key, or set S3UP_SSE_C_KEY.",
    });
  }
  return sseCKey;
}

/** @param endpoint of the S3 server, where it is not AWS */
export async function readCustomerKey(
  source: string | undefined,
  endpoint: string | undefined,
  runtime: Runtime,
): Promise<Readonly<Record<string, string>>> {
  if (source === undefined) return {};
  if (endpoint !== undefined && !mayTravel(endpoint)) {
    throw new S3upError("USAGE", "A key of --sse-c-key must not travel without TLS.", {
      why: "The S3 server's address is plain HTTP, and everyone on the way could read it.",
      hint: "Use an https:// address.",
    });
  }
  const path = filePathIn(source);
  return customerKeyHeaders(path === undefined ? customerKeyIn(source) : await readKeyFile(path, runtime));
}

function filePathIn(source: string): string | undefined {
  return /^fileb?:\/\/(.+)$/s.exec(source)?.[1];
}

async function readKeyFile(path: string, runtime: Runtime): Promise<Uint8Array> {
  const file = await runtime.openFile(path);
  try {
    // One byte more shows that the file is no key, whatever its size.
    const buffer = new Uint8Array(Math.min(file.size, CUSTOMER_KEY_BYTES + 1));
    return buffer.subarray(0, await file.read(buffer, 0));
  } finally {
    await file.close();
  }
}

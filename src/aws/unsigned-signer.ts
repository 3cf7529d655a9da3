import type { SignedRequest } from "../protocol/messages.ts";
import type { Signer } from "../signing/signer.ts";

/** `--no-sign-request`: the same addresses and headers, without the signature; for buckets that anyone may write to. */
export function withoutSignatures(signer: Signer): Signer {
  return {
    ...signer,
    async sign(request, expiresInSeconds): Promise<SignedRequest> {
      const signed = await signer.sign(request, expiresInSeconds);
      const url = new URL(signed.url);
      for (const name of [...url.searchParams.keys()]) {
        if (/^x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token)$/i.test(name)) {
          url.searchParams.delete(name);
        }
      }
      return { ...signed, url: url.href };
    },
  };
}

import { S3upError } from "../../src/errors.ts";
import type { Signer } from "../../src/signing/signer.ts";

export interface FakeSignerOptions {
  readonly credentialLife?: number;
  readonly region?: string;
}

/** Signs with the word `fake`; everything else is as a real signature has it (`test/contract/signer.ts`). */
export function fakeSigner({ credentialLife, region = "eu-central-1" }: FakeSignerOptions = {}): Signer {
  const lifeFor = (asked: number): number => {
    if (!Number.isSafeInteger(asked) || asked < 1 || asked > 604_800) throw new S3upError("USAGE", "bad life");
    if (credentialLife !== undefined && credentialLife < 1) throw new S3upError("CREDENTIALS_EXPIRED", "expired");
    return Math.min(asked, credentialLife ?? asked);
  };

  return {
    region,
    credentialLife: async () => credentialLife,
    async sign(request, expiresInSeconds) {
      const expiresIn = lifeFor(expiresInSeconds);
      const { method, bucket, key, query, headers, contentLength } = request;
      const names = [...Object.keys(headers), "host", ...(contentLength === undefined ? [] : ["content-length"])];
      const search = new URLSearchParams({
        ...query,
        "X-Amz-Expires": String(expiresIn),
        "X-Amz-SignedHeaders": names.toSorted().join(";"),
        "X-Amz-Signature": "fake",
      });
      const url = `https://${bucket}.s3.test/${key.split("/").map(encode).join("/")}?${search}`;
      return {
        method,
        url,
        headers: { ...headers },
        ...(contentLength === undefined ? {} : { contentLength }),
        expiresIn,
      };
    },
    async signForm({ bucket, key, fields, minSize, maxSize }, expiresInSeconds) {
      const expiresIn = lifeFor(expiresInSeconds);
      if (key.includes("${")) throw new S3upError("USAGE", "variable in the key");
      const exact = { key, ...fields };
      const conditions = [
        { bucket },
        ...Object.entries(exact).map(([name, value]) => ({ [name]: value })),
        ["content-length-range", minSize, maxSize],
      ];
      const Policy = Buffer.from(JSON.stringify({ conditions })).toString("base64");
      return { url: `https://${bucket}.s3.test/`, fields: { ...exact, Policy, "X-Amz-Signature": "fake" }, expiresIn };
    },
  };
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

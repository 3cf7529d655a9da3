/** How long it takes to sign the URLs of 10,000 parts, each with its checksum, as the endpoint and `put` sign them. */
import { S3Client } from "@aws-sdk/client-s3";
import { createSigner } from "../../src/aws/presigner.ts";
import { uploadPart } from "../../src/signing/s3-requests.ts";
import { credentials } from "./credentials.ts";

const count = 10_000;

/** Seconds. */
export async function signPartUrls(): Promise<number> {
  const client = new S3Client({ region: "us-east-1", credentials });
  const signer = await createSigner({ client, now: () => new Date() });
  const start = performance.now();
  for (let partNumber = 1; partNumber <= count; partNumber += 1) {
    const checksum = {
      algorithm: "CRC32",
      value: Buffer.from([0, 0, partNumber >> 8, partNumber]).toString("base64"),
    } as const;
    const part = { partNumber, contentLength: 16 * 1024 ** 2, checksum };
    await signer.sign(uploadPart({ bucket: "bench", key: "movie.mp4", uploadId: "an-upload", ...part }), 900);
  }
  return (performance.now() - start) / 1000;
}

import { createManifestDestination } from "../../src/http/manifest-destination.ts";
import { splitIntoParts } from "../../src/upload/plan.ts";
import { signManifest } from "../../src/upload/sign-manifest.ts";
import { contractFile, describeDestination } from "../contract/destination.ts";
import { memorySource } from "../support/memory-source.ts";
import { useUploadSandbox } from "../support/sandbox-uploads.ts";

const s3 = useUploadSandbox();
let count = 0;

describeDestination("an endpoint", async () => {
  const sender = s3.sender();
  return { destination: s3.endpoint(sender), sender, stored: s3.stored, openUploads: s3.openUploads };
});

describeDestination(
  "a manifest",
  async () => {
    count += 1;
    const sender = s3.sender();
    const source = memorySource(contractFile.bytes);
    const partSize = 5 * 1024 ** 2;
    const manifest = await signManifest(
      {
        bucket: s3.sandbox.bucket,
        key: `manifest/${count}.bin`,
        contentType: contractFile.contentType,
        headers: {},
        checksumAlgorithm: "CRC32",
        expiresInSeconds: 600,
      },
      { kind: "multipart", file: source, partSize, parts: splitIntoParts(source.size, partSize) },
      source,
      { signer: s3.signer, control: s3.control, now: () => new Date(), signal: new AbortController().signal },
    );
    const destination = createManifestDestination({ manifest, name: "m.json", sender, now: () => new Date() });
    return { destination, sender, stored: s3.stored, openUploads: s3.openUploads };
  },
  { takesSinglePut: false },
);

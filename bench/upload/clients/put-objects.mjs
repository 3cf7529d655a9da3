// The files of a folder with the AWS SDK's PutObject, so many at a time.
//   node put-objects.mjs FOLDER ORIGIN CONCURRENCY
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

const [folder, endpoint, concurrency] = process.argv.slice(2);
const client = new S3Client({
  endpoint,
  forcePathStyle: true,
  requestHandler: { httpsAgent: { maxSockets: +concurrency } },
});
const names = readdirSync(folder).values();

await Promise.all(
  Array.from({ length: Number(concurrency) }, async () => {
    for (const name of names) {
      const Body = await readFile(join(folder, name));
      await client.send(new PutObjectCommand({ Bucket: "bench", Key: `put-objects/${name}`, Body }));
    }
  }),
);

// The AWS SDK's own way to send a file, with its defaults.
//   node lib-storage.mjs FILE ORIGIN
import { createReadStream } from "node:fs";
import { S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";

const [path, endpoint] = process.argv.slice(2);
const client = new S3Client({ endpoint, forcePathStyle: true });
await new Upload({ client, params: { Bucket: "bench", Key: "lib-storage", Body: createReadStream(path) } }).done();

/**
 * The presign function as articles show it: the AWS SDK as it is out of the box, the file name as the key, an hour of life,
 * and CORS for everyone.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";

export interface ArticleFunction {
  readonly url: string;
  close(): Promise<void>;
}

export async function startArticleFunction({ s3, env }: Sandbox, Bucket: string): Promise<ArticleFunction> {
  const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "", AWS_REGION = "" } = env;
  const client = new S3Client({
    endpoint: s3,
    region: AWS_REGION,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
  });
  const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.method !== "POST") {
      response.writeHead(request.method === "OPTIONS" ? 200 : 404, headers).end();
      return;
    }
    const { fileName, contentType } = JSON.parse(Buffer.concat(chunks).toString());
    const command = new PutObjectCommand({ Bucket, Key: fileName, ContentType: contentType });
    try {
      const uploadUrl = await getSignedUrl(client, command, { expiresIn: 3600 });
      response.writeHead(200, { ...headers, "content-type": "application/json" });
      response.end(JSON.stringify({ uploadUrl, key: fileName }));
    } catch {
      response.writeHead(500, headers).end();
    }
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/presign`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      client.destroy();
    },
  };
}

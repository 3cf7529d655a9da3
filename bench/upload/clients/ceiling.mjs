// What a Node process can do at most: parts over node:https on kept-alive connections, read with one system call, CRC32
// by zlib. Nothing is signed, retried, watched or shown.
//   node ceiling.mjs FILE ORIGIN PART_BYTES CONNECTIONS
import { closeSync, fstatSync, openSync, read } from "node:fs";
import http from "node:http";
import https from "node:https";
import { promisify } from "node:util";
import { crc32 } from "node:zlib";

const [path, origin, partBytes, connections] = process.argv.slice(2);
const { request, Agent } = origin.startsWith("https:") ? https : http;
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
const descriptor = openSync(path, "r");
const size = fstatSync(descriptor).size;
const partSize = Number(partBytes);
const readAt = promisify(read);

await ask("POST", "/bench/ceiling?uploads", Buffer.alloc(0), {});
let next = 0;
await Promise.all(Array.from({ length: Number(connections) }, work));
await ask("POST", "/bench/ceiling?uploadId=x", Buffer.from("<CompleteMultipartUpload/>"), {});
closeSync(descriptor);
agent.destroy();

async function work() {
  const buffer = Buffer.allocUnsafeSlow(Math.min(partSize, size));
  for (let part = next++; part * partSize < size; part = next++) {
    const { bytesRead } = await readAt(descriptor, buffer, 0, buffer.length, part * partSize);
    const body = buffer.subarray(0, bytesRead);
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(body));
    await ask("PUT", `/bench/ceiling?partNumber=${part + 1}&uploadId=x`, body, {
      "x-amz-checksum-crc32": checksum.toString("base64"),
    });
  }
}

function ask(method, path, body, headers) {
  return new Promise((resolve, reject) => {
    const options = { agent, method, headers: { ...headers, "content-length": body.length } };
    const outgoing = request(`${origin}${path}`, options, (answer) => {
      answer.resume().on("end", () => (answer.statusCode < 300 ? resolve() : reject(new Error(answer.statusCode))));
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/**
 * One sandbox per directory. A second one would keep another index of the same objects, and take the files of uploads
 * under way for remains of a crash.
 */
import { rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { S3upError } from "../errors.ts";
import { LOOPBACK } from "./loopback.ts";
import { readRecord, writeRecord } from "./record-file.ts";

/** Whoever holds the directory says the token at the port: a file alone would outlive a crash. */
interface Holder {
  readonly port: number;
  readonly token: string;
}

/**
 * @returns what gives the directory free again
 * @throws S3upError USAGE when another sandbox has it
 */
export async function lockDirectory(directory: string, token: string): Promise<() => Promise<void>> {
  const path = join(directory, "in-use.json");
  const holder = await readRecord<Holder>(path);
  if (holder !== undefined && (await answers(holder))) throw inUse(directory);
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.end(token);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, LOOPBACK, resolve);
  });
  await writeRecord(path, { port: (server.address() as AddressInfo).port, token } satisfies Holder);
  return async () => {
    await rm(path, { force: true });
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
}

/** False also when another program has got the port by now. */
async function answers({ port, token }: Holder): Promise<boolean> {
  const socket = connect(port, LOOPBACK).setTimeout(1000, () => socket.destroy());
  let said = "";
  try {
    for await (const chunk of socket) {
      said += String(chunk);
      if (said.length > token.length) break;
    }
  } catch {
    return false; // nobody listens there
  }
  return said === token;
}

function inUse(directory: string): S3upError {
  return new S3upError("USAGE", `The directory ${directory} is in use.`, {
    why: "Another sandbox keeps its objects there.",
    hint: "Stop that one, or give this one a directory of its own with --dir.",
  });
}

/** What the uploads are measured with: compiled here, started on loopback, ended with this process. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { bundleClients, compileMachinery } from "./compile.ts";

/** What the sink has seen since its last reset. */
export interface SinkCounts {
  readonly connections: number;
  readonly requests: number;
  readonly bytes: number;
  readonly cpuSeconds: number;
}

export interface Sink {
  readonly plain: string;
  /** Undefined where OpenSSL's headers are missing. */
  readonly tls: string | undefined;
  counts(): Promise<SinkCounts>;
  reset(): Promise<void>;
}

export interface Machinery {
  readonly folder: string;
  readonly sink: Sink;
  /** PEM file that vouches for the sink. */
  readonly certificate: string;
  /** The program that runs another one and writes down its cost. */
  readonly measure: string;
  /** Path of a bundle of one of the clients: bundled as s3up itself is. */
  client(name: string): string;
  /** A presign endpoint whose URLs lead to the origin. */
  endpointFor(origin: string): Promise<string>;
  /** The same origin, so many milliseconds away and back. */
  atDistance(origin: string, roundTripMs: number): Promise<string>;
  close(): Promise<void>;
}

const endpointScript = fileURLToPath(new URL("endpoint.ts", import.meta.url));

export async function startMachinery(): Promise<Machinery> {
  const folder = await mkdtemp(join(tmpdir(), "s3up-bench-"));
  const children: ChildProcess[] = [];
  const { certificate, key } = await compileMachinery(folder);
  await bundleClients(folder);

  /** Starts it and gives the first line that it prints. */
  async function start(program: string, ...args: readonly string[]): Promise<string> {
    const env = { ...process.env, ...(certificate === undefined ? {} : { NODE_EXTRA_CA_CERTS: certificate }) };
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"], env });
    children.push(child);
    for await (const line of createInterface({ input: child.stdout })) return line;
    throw new Error(`${program} does not start.`);
  }

  const ports = await start(join(folder, "sink"), ...(certificate === undefined ? [] : [certificate, key]));
  const [plainPort, tlsPort] = ports.split(" ");
  const tls = certificate === undefined ? undefined : `https://127.0.0.1:${tlsPort}`;

  return {
    folder,
    certificate: certificate ?? "",
    measure: join(folder, "measure"),
    sink: connectSink(`http://127.0.0.1:${plainPort}`, tls),
    client: (name) => join(folder, `${name}.mjs`),
    endpointFor: (origin) => start(process.execPath, "--import", "tsx", endpointScript, origin),
    async atDistance(origin, roundTripMs) {
      const { protocol, port } = new URL(origin);
      return `${protocol}//127.0.0.1:${await start(join(folder, "delay"), port, String(roundTripMs / 2))}`;
    },
    async close() {
      for (const child of children) child.stdin?.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function connectSink(plain: string, tls: string | undefined): Sink {
  return {
    plain,
    tls,
    counts: async () => (await fetch(`${plain}/-/stats`)).json() as Promise<SinkCounts>,
    reset: async () => void (await (await fetch(`${plain}/-/reset`)).text()),
  };
}

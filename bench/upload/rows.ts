/** The kinds of work that are measured, and what s3up has to reach in each. */
import { join } from "node:path";
import { type Contestant, concurrency, type createContestants, type Work } from "./contestants.ts";
import { folderOfFiles, randomFile, sparseFile } from "./files.ts";
import type { Machinery } from "./machinery.ts";
import { atMost, middle, type Target, timesAsFast } from "./results.ts";

type Contestants = ReturnType<typeof createContestants>;

export interface Row {
  readonly title: string;
  /** Left out when the sink speaks no TLS. */
  readonly needsTls: boolean;
  /** Fewer than asked for, where one run takes long. */
  readonly maxRuns?: number;
  prepare(machinery: Machinery, contestants: Contestants): Promise<Prepared>;
}

export interface Prepared {
  /** Each with its own work, all in one round. */
  readonly entries: Readonly<Record<string, readonly [Contestant, Work]>>;
  readonly targets: readonly Target[];
}

const MiB = 1024 ** 2;
const GiB = 1024 * MiB;
/** What a client may open besides one for each part at a time: the SDK's, for the calls around the parts. */
const controlConnections = 1;

const connections: Target = {
  text: `connections of s3up (${concurrency} slots and one for control)`,
  atMost: concurrency + controlConnections,
  value: (results) => Math.max(...(results.s3up ?? []).map(({ sink }) => sink.connections)),
};

export const rows = {
  tls: {
    title: "A file of 1 GiB over TLS",
    needsTls: true,
    async prepare(machinery, { file, viaEndpoint }) {
      const origin = machinery.sink.tls ?? "";
      const work = { path: await randomFile(join(machinery.folder, "1GiB"), GiB), origin };
      const viaEndpoint1 = viaEndpoint(await machinery.endpointFor(origin));
      return {
        entries: { ...all(file, work), "s3up, endpoint": [viaEndpoint1, work] },
        targets: [
          atMost(0.6, "wall", "aws-cli"),
          atMost(0.35, "wall", "lib-storage"),
          atMost(1, "wall", "rclone", "s5cmd"),
          atMost(1.25, "wall", "ceiling"),
          atMost(0.55, "cpu", "aws-cli"),
          atMost(1, "cpu", "lib-storage", "rclone", "s5cmd"),
          {
            text: "wall through the endpoint ÷ with credentials",
            atMost: 1.1,
            value: (results) => middle(results, "wall", "s3up, endpoint") / middle(results, "wall", "s3up"),
          },
          { text: "peak MiB", atMost: 150, value: (results) => middle(results, "peakMiB", "s3up") },
          connections,
        ],
      };
    },
  },
  plain: {
    title: "A file of 1 GiB without TLS",
    needsTls: false,
    async prepare(machinery, { file }) {
      const path = await randomFile(join(machinery.folder, "1GiB"), GiB);
      return {
        entries: all(file, { path, origin: machinery.sink.plain }),
        targets: [atMost(1, "wall", "rclone", "s5cmd"), atMost(1.25, "wall", "ceiling"), connections],
      };
    },
  },
  small: {
    title: "2,000 files of 4 KiB over TLS",
    needsTls: true,
    async prepare(machinery, { folder }) {
      const path = await folderOfFiles(join(machinery.folder, "small"), 2000, 4096);
      return {
        entries: all(folder, { path, origin: machinery.sink.tls ?? "" }),
        targets: [
          timesAsFast(6, "aws-cli"),
          timesAsFast(2.2, "PutObject, 16 at a time", "s3up, 16 at a time"),
          timesAsFast(1, "s5cmd"),
        ],
      };
    },
  },
  distance: {
    title: "A file of 256 MiB over TLS, 100 ms away and back",
    needsTls: true,
    async prepare(machinery, { file }) {
      const path = await randomFile(join(machinery.folder, "256MiB"), 256 * MiB);
      const origin = await machinery.atDistance(machinery.sink.tls ?? "", 100);
      const rivals = ["aws-cli", "rclone", "s5cmd", "rclone, tuned", "s5cmd, tuned"] as const;
      return {
        entries: all(file, { path, origin }),
        targets: [timesAsFast(2.5, "lib-storage"), ...rivals.map((rival) => timesAsFast(1, rival))],
      };
    },
  },
  memory: {
    title: "Memory: sparse files of 1 and 20 GiB over TLS",
    needsTls: true,
    maxRuns: 1,
    async prepare(machinery, { file }) {
      const origin = machinery.sink.tls ?? "";
      const small = await sparseFile(join(machinery.folder, "sparse1"), GiB);
      const large = await sparseFile(join(machinery.folder, "sparse20"), 20 * GiB);
      return {
        entries: {
          s3up: [file.s3up, { path: small, origin }],
          "s3up, 20 GiB": [file.s3up, { path: large, origin }],
        },
        targets: [
          { text: "peak MiB at 1 GiB", atMost: 150, value: (results) => middle(results, "peakMiB", "s3up") },
          {
            text: "peak at 20 GiB ÷ at 1 GiB",
            atMost: 1.1,
            value: (results) => middle(results, "peakMiB", "s3up, 20 GiB") / middle(results, "peakMiB", "s3up"),
          },
        ],
      };
    },
  },
  presign: {
    title: "`presign s3://bucket/key`",
    needsTls: false,
    prepare: async (_, { presign }) => ({
      entries: all(presign, { path: "", origin: "" }),
      targets: [atMost(0.35, "wall", "aws-cli")],
    }),
  },
} as const satisfies Record<string, Row>;

function all<N extends string>(contestants: Readonly<Record<N, Contestant>>, work: Work): Prepared["entries"] {
  return Object.fromEntries(
    Object.entries<Contestant>(contestants).map(([name, contestant]) => [name, [contestant, work]]),
  );
}

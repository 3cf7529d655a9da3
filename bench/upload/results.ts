/** The costs of several runs, and what is asked of them. */
import { type Cost, median } from "./measured.ts";

/** By contestant, one cost for each round. */
export type Results = Readonly<Record<string, readonly Cost[]>>;

type Figure = "wall" | "cpu" | "peakMiB";

export interface Target {
  readonly text: string;
  readonly atMost?: number;
  readonly atLeast?: number;
  /** NaN where a contestant could not be measured. */
  readonly value: (results: Results) => number;
}

/** Of the rounds, one by one: what disturbs a round disturbs both. */
export function ratio(results: Results, figure: Figure, one: string, other: string): number {
  const others = results[other] ?? [];
  return median((results[one] ?? []).map((cost, round) => cost[figure] / (others[round]?.[figure] ?? Number.NaN)));
}

export function middle(results: Results, figure: Figure, name: string): number {
  return median((results[name] ?? []).map((cost) => cost[figure]));
}

/** `figure` of s3up in terms of the rival's. */
export function atMost(limit: number, figure: Figure, ...rivals: readonly string[]): Target {
  return {
    text: `${figureNames[figure]} ÷ ${rivals.join(" or ")}`,
    atMost: limit,
    value: (results) => Math.max(...rivals.map((rival) => ratio(results, figure, "s3up", rival))),
  };
}

/** So many times as fast as the rival. */
export function timesAsFast(limit: number, rival: string, us = "s3up"): Target {
  return {
    text: `${us === "s3up" ? "" : `${us}: `}times as fast as ${rival}`,
    atLeast: limit,
    value: (results) => ratio(results, "wall", rival, us),
  };
}

const figureNames = { wall: "wall", cpu: "CPU", peakMiB: "peak memory" } as const;

export function resultTable(results: Results): string {
  const rows = Object.entries(results).map(([name, costs]) => {
    const { connections, requests, cpuSeconds } = costs.at(-1)?.sink ?? { connections: 0, requests: 0, cpuSeconds: 0 };
    const figures = (["wall", "cpu", "peakMiB"] as const).map((figure) => middle(results, figure, name));
    const [wall = 0, cpu = 0, peak = 0] = figures;
    const compared = (["wall", "cpu"] as const).map((figure) => ratio(results, figure, "s3up", name).toFixed(2));
    return [
      name,
      wall.toFixed(2),
      cpu.toFixed(2),
      peak.toFixed(0),
      ...compared,
      connections,
      requests,
      cpuSeconds.toFixed(2),
    ];
  });
  const head = [
    "client",
    "wall s",
    "CPU s",
    "peak MiB",
    "s3up ÷ it, wall",
    "s3up ÷ it, CPU",
    "connections",
    "requests",
    "sink's CPU s",
  ];
  return markdown([head, ...rows]);
}

export function targetTable(targets: readonly Target[], results: Results): string {
  const rows = targets.map(({ text, atMost: most, atLeast: least, value }) => {
    const measured = value(results);
    const met = most === undefined ? measured >= (least ?? 0) : measured <= most;
    const goal = most === undefined ? `at least ${least}` : `at most ${most}`;
    return [text, measured.toFixed(2), goal, Number.isNaN(measured) ? "not measured" : met ? "yes" : "**no**"];
  });
  return markdown([["s3up", "measured", "target", "reached"], ...rows]);
}

function markdown([head = [], ...rows]: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

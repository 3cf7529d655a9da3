/** Compares an answer with what AWS documents and with what is known of the server that gave it. */
import type { Probe } from "./probe.ts";

export interface Deviation {
  /** What the server answers instead, exactly as the probe words it. */
  readonly answers: string;
  /** One sentence for the reader of the table. */
  readonly note: string;
}

/** Probe id -> deviation, of one server in one version. */
export type KnownDeviations = Readonly<Record<string, Deviation>>;

/** What is wrong with the answer, or undefined when it is the expected one or a known deviation. */
export function complaint(probe: Probe, answer: string, known: Deviation | undefined): string | undefined {
  if (known === undefined) {
    if (answer === probe.expected) return undefined;
    return `New deviation: ${probe.id} expects "${probe.expected}" and got "${answer}".`;
  }
  if (answer === known.answers) return undefined;
  if (answer === probe.expected) {
    return `Vanished deviation: ${probe.id} now answers "${answer}" as AWS does; take it off the table.`;
  }
  return `Changed deviation: ${probe.id} was known to answer "${known.answers}" and got "${answer}".`;
}

/** Rows of the table that speak of no probe, or say nothing. */
export function staleRows(known: KnownDeviations, probes: readonly Probe[]): readonly string[] {
  const expected = new Map(probes.map((probe) => [probe.id, probe.expected]));
  return Object.entries(known).flatMap(([id, { answers, note }]) => {
    if (!expected.has(id)) return [`${id}: there is no such probe.`];
    if (expected.get(id) === answers) return [`${id}: this is the expected answer.`];
    return note.trim() === "" ? [`${id}: the note is empty.`] : [];
  });
}

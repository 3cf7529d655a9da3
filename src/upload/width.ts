/**
 * How many requests should be under way at a time: a pure function of what was measured. Nobody can know the number
 * beforehand: on a fast link a few keep the processor busy and more only cost memory, on a long one it takes many before
 * anything flows. So it begins small, doubles while that pays, and falls back by a half when the server asks for less.
 */

/** What one round of requests, as many as the window is wide, came to. */
export interface Round {
  /** Work done in a second, in any unit that stays the same. */
  readonly rate: number;
  /** False when the window was never full: then it is not the window that limits. */
  readonly full: boolean;
  /** Share of the time, 0 to 1, in which this process computed. When it is busy, more requests cannot help. */
  readonly busy: number;
}

export interface Width {
  readonly size: number;
  readonly most: number;
  /** Chosen by the user: it makes room for a server that asks for less, and goes back to where it was. */
  readonly fixed: boolean;
  readonly phase: Phase;
}

type Phase =
  /** `before`: what the smaller width came to; undefined at the start. */
  | { readonly kind: "climbing"; readonly before: Measured | undefined; readonly patience: number }
  /** After `rounds` more rounds it tries to climb again; `patience` is how many it will wait the next time. */
  | { readonly kind: "holding"; readonly rounds: number; readonly patience: number }
  /** One more after as many successes as it is wide, up to `goal`. */
  | { readonly kind: "recovering"; readonly successes: number; readonly goal: number };

interface Measured {
  readonly size: number;
  readonly rate: number;
}

/** A wider window has to be this much faster than the one before to be worth its memory. */
const worthwhileGain = 1.15;
/** Beyond this the process itself is the limit. */
const busyProcess = 0.85;
/** Rounds before it tries again whether wider is faster by now; doubled each time that it was not. */
const patience = { first: 8, last: 64 } as const;

/** A width that finds its own way, from `size` up to `most`. */
export function adaptiveWidth(size: number, most: number): Width {
  return {
    size: Math.min(size, most),
    most,
    fixed: false,
    phase: { kind: "climbing", before: undefined, patience: patience.first },
  };
}

export function fixedWidth(size: number): Width {
  return { size, most: size, fixed: true, phase: holding(patience.first) };
}

export function afterRound(width: Width, round: Round): Width {
  const { phase } = width;
  if (width.fixed || phase.kind === "recovering") return width;
  if (phase.kind === "holding" && phase.rounds > 1) return { ...width, phase: { ...phase, rounds: phase.rounds - 1 } };

  const before = phase.kind === "climbing" ? phase.before : undefined;
  if (before !== undefined && round.rate < before.rate * worthwhileGain) {
    return { ...width, size: before.size, phase: holding(phase.patience) };
  }
  return tryWider(width, round, phase.patience);
}

export function afterSuccess(width: Width): Width {
  const { size, phase } = width;
  if (phase.kind !== "recovering") return width;
  if (phase.successes + 1 < size) return { ...width, phase: { ...phase, successes: phase.successes + 1 } };
  const grown = size + 1;
  return { ...width, size: grown, phase: grown < phase.goal ? { ...phase, successes: 0 } : holding(patience.first) };
}

/** To be told once for a storm: a server that is overrun refuses everything under way at once. */
export function afterSlowDown(width: Width): Width {
  const { size, phase } = width;
  const goal = phase.kind === "recovering" ? phase.goal : size;
  if (goal === 1) return width;
  return { ...width, size: Math.max(1, Math.floor(size / 2)), phase: { kind: "recovering", successes: 0, goal } };
}

function tryWider(width: Width, { rate, full, busy }: Round, nextPatience: number): Width {
  const { size, most } = width;
  if (size >= most || busy >= busyProcess) return { ...width, phase: holding(nextPatience) };
  if (!full) return width;
  // From a width that held it is a small step: what is tried in vain again and again must not cost memory.
  const wider = width.phase.kind === "holding" ? size + Math.max(1, Math.floor(size / 4)) : 2 * size;
  return {
    ...width,
    size: Math.min(most, wider),
    phase: {
      kind: "climbing",
      before: { size, rate },
      patience: width.phase.kind === "holding" ? Math.min(patience.last, 2 * nextPatience) : nextPatience,
    },
  };
}

function holding(rounds: number): Phase {
  return { kind: "holding", rounds, patience: rounds };
}

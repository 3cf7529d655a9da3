/** What a row of the fault matrix says: what goes wrong, in which mode, and how the upload has to end. */
import type { FaultRule } from "../../src/sandbox/fault-rule.ts";
import type { Sandbox, SandboxOptions } from "../../src/sandbox/sandbox.ts";

export type Mode = "credentials" | "endpoint";

/** Which file is sent: three parts of which the last is short, or one PUT. */
export type Shape = "parts" | "single";

export interface Scenario {
  /** Continues "When …". */
  readonly when: string;
  readonly mode: Mode;
  readonly shape: Shape;
  /** Each of them has to have happened, or the row tests nothing. */
  readonly faults: readonly FaultRule[];
  /** Besides those that every trial has. */
  readonly flags: readonly string[];
  readonly ends: Ending;
  /** Left out of the quick set: it takes long or needs what not every machine has. */
  readonly long: boolean;
  /** What no fault of the sandbox can do, such as a clock that is off or a file that changes. */
  readonly arrange?: (stage: Stage) => Promise<void> | void;
  readonly sandbox?: Partial<SandboxOptions>;
}

export type Ending =
  /** The object is there, byte for byte, and nothing else. */
  | { readonly exit: 0; readonly says?: RegExp }
  /** Nothing is stored, and the error's three lines match. */
  | {
      readonly exit: Exclude<number, 0>;
      readonly says: RegExp;
      /** With the trouble gone, the same command ends with 0; false where it cannot. */
      readonly again: boolean;
    };

/** What an arrangement may change before the program starts, and while it runs. */
export interface Stage {
  readonly sandbox: Sandbox;
  /** Belongs to this trial; the file that is sent and the program's state are in it. */
  readonly directory: string;
  /** The file that is sent. */
  readonly file: string;
  readonly seed: number;
  /** Sets the sandbox's clock so far ahead of this machine's. */
  readonly setClock: (aheadMs: number) => void;
  /** Of the program. */
  readonly env: Record<string, string>;
  /** Run in a shell before the program takes its place, such as `ulimit -n 30`. */
  shellPrefix: string;
  /** Called with the trial's end, in any case. */
  readonly after: (act: () => Promise<void> | void) => void;
  /** Called when the program has been seen to send its first part. */
  readonly whileSending: (act: () => Promise<void> | void) => void;
  /** Makes the machine whole again, before the same command is run once more. */
  readonly repair: (act: () => Promise<void> | void) => void;
}

type RowOptions = Partial<Pick<Scenario, "shape" | "flags" | "long" | "arrange" | "sandbox">> & {
  readonly modes?: readonly Mode[];
};

/** One sentence, for each mode that it is about; only the first of them is in the quick set. */
export function row(
  when: string,
  faults: readonly FaultRule[],
  ends: Ending,
  { modes = ["credentials"], ...options }: RowOptions = {},
): readonly Scenario[] {
  return modes.map((mode, index) => {
    const long = options.long ?? index > 0;
    return { when, mode, shape: "parts", flags: [], ...options, long, faults, ends };
  });
}

/** The same, but for the long set alone: it differs little from a quick one, or takes its time. */
export function longRow(...[when, faults, ends, options]: Parameters<typeof row>): readonly Scenario[] {
  return row(when, faults, ends, { ...options, long: true });
}

export const both: readonly Mode[] = ["credentials", "endpoint"];

export const stored: Ending = { exit: 0 };

export function storedAfter(says: RegExp): Ending {
  return { exit: 0, says };
}

/** @param again false where the same command cannot help */
export function fails(exit: number, says: RegExp, again = true): Ending {
  return { exit, says, again };
}

/** What a question about a policy can be answered with. `unknown` is a verdict of its own: it is never shown as a pass. */
export type Answer = "yes" | "no" | "unknown";

/** An answer and the sentence that explains it to a reader. */
export interface Decision {
  readonly answer: Answer;
  readonly reason: string;
}

/** Something read from outside: there, not configured, or not readable. The last two are different answers. */
export type Reading<T> =
  | { readonly state: "present"; readonly value: T }
  | { readonly state: "absent" }
  | { readonly state: "unreadable"; readonly reason: string };

export const ABSENT: { readonly state: "absent" } = { state: "absent" };

export function present<T>(value: T): Reading<T> {
  return { state: "present", value };
}

export function unreadable(reason: string): { readonly state: "unreadable"; readonly reason: string } {
  return { state: "unreadable", reason };
}

export const yes = (reason: string): Decision => ({ answer: "yes", reason });
export const no = (reason: string): Decision => ({ answer: "no", reason });
export const unknown = (reason: string): Decision => ({ answer: "unknown", reason });

/** One yes is enough; without one, what is unknown could still be a yes. */
export function anyOf(decisions: readonly Decision[], none: string): Decision {
  return (
    decisions.find(({ answer }) => answer === "yes") ??
    decisions.find(({ answer }) => answer === "unknown") ??
    decisions[0] ??
    no(none)
  );
}

/** One no is enough; without one, what is unknown could still be a no. */
export function allOf(decisions: readonly Decision[], none: string): Decision {
  return (
    decisions.find(({ answer }) => answer === "no") ??
    decisions.find(({ answer }) => answer === "unknown") ??
    decisions[0] ??
    yes(none)
  );
}

/**
 * The work one question may cost. Some questions about globs are exponential by nature, and a policy is written by whoever
 * wrote it: a question that would take too long is answered with "unknown" instead of slowly.
 */
export class Budget {
  private left: number;

  /** @param steps elementary steps; some six million of them take a second. */
  constructor(steps: number = STEPS_PER_QUESTION) {
    this.left = steps;
  }

  /** Steps that may still be made. */
  get remaining(): number {
    return this.left;
  }

  /** @throws BudgetSpent when the question has cost more than it may. */
  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw new BudgetSpent();
  }
}

export const STEPS_PER_QUESTION = 300_000;

/** Leaves an analysis that became too expensive; never leaves this folder. */
export class BudgetSpent extends Error {
  constructor() {
    super("the policy is too complex to decide within the limits");
    this.name = "BudgetSpent";
  }
}

export const TOO_COMPLEX = "its wildcards are too many to be decided exactly within the limits";

/** Runs `decide` and answers with `gaveUp` when it costs more than the budget. */
export function withinBudget<T>(budget: Budget, decide: (budget: Budget) => T, gaveUp: () => T): T {
  try {
    return decide(budget);
  } catch (error) {
    if (error instanceof BudgetSpent) return gaveUp();
    throw error;
  }
}

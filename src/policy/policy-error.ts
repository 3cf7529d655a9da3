import type { TextPosition } from "./json-node.ts";

/** A document that is not a policy. Whoever meets it knows nothing about who is allowed what: the verdict is "unknown". */
export class PolicyError extends Error {
  /** What is wrong, without the place. */
  readonly problem: string;
  /** Where in the document, such as `Statement[2].Condition.Bool`; empty for the document itself. */
  readonly path: string;
  /** One-based line and column, when the policy was given as text. */
  readonly position: TextPosition | undefined;

  constructor(problem: string, path: string, position?: TextPosition) {
    const where = position === undefined ? "" : ` (line ${position.line}, column ${position.column})`;
    super(`${path === "" ? "The policy" : path}: ${problem}${where}`);
    this.name = "PolicyError";
    this.problem = problem;
    this.path = path;
    this.position = position;
  }
}

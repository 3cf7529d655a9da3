import type { ProblemCode } from "../protocol/problem-codes.ts";

export interface RefusalDetails {
  /** Member of the request that is at fault. */
  readonly field?: string;
  /** The limit that was passed, in the unit of the field. */
  readonly limit?: number;
}

/** A request that is understood and not granted. The message is for the person who sent it. */
export class Refusal extends Error {
  readonly code: ProblemCode;
  readonly field: string | undefined;
  readonly limit: number | undefined;

  constructor(code: ProblemCode, message: string, { field, limit }: RefusalDetails = {}) {
    super(message);
    this.name = "Refusal";
    this.code = code;
    this.field = field;
    this.limit = limit;
  }
}

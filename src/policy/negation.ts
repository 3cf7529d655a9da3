import type { Policy } from "./document.ts";

export interface NegatedAllow {
  readonly index: number;
  readonly sid?: string;
  readonly element: "NotPrincipal" | "NotAction" | "NotResource";
  readonly reason: string;
}

/** Allow statements that name what is *not* allowed: everything else, today's and tomorrow's, is. */
export function negatedAllows(policy: Policy): readonly NegatedAllow[] {
  return policy.statements
    .filter(({ effect }) => effect === "Allow")
    .flatMap(({ index, sid, principals, actions, resources }) => {
      const found: [NegatedAllow["element"], string][] = [];
      if (principals?.negated)
        found.push(["NotPrincipal", "allows everyone who is not named, anonymous callers included"]);
      if (actions.negated)
        found.push(["NotAction", "allows every action that is not named, also those that AWS adds later"]);
      if (resources?.negated) found.push(["NotResource", "allows every resource that is not named"]);
      return found.map(([element, reason]) => ({ index, ...(sid === undefined ? {} : { sid }), element, reason }));
    });
}

/** Files that are no plan and no state, and what to do about each. */
import { S3upError } from "../errors.ts";

export const howToShow = "terraform plan -out=tfplan && terraform show -json tfplan > plan.json (tofu works alike)";

export function refused(path: string, why: string, hint: string = `Write it with ${howToShow}.`): S3upError {
  return new S3upError("CONFIG_INVALID", `${path} cannot be audited as a Terraform plan.`, { why, hint });
}

/** Thrown in the depth of a value, where the path is not known. */
class NestedTooDeep extends Error {}

/** Of the file that `read` reads, with its path where it is nested too deep. @throws S3upError CONFIG_INVALID */
export function refusingDepth<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof NestedTooDeep)) throw error;
    throw refused(path, `It is ${error.message}.`);
  }
}

export function refusedNesting(): NestedTooDeep {
  return new NestedTooDeep("nested deeper than any value of Terraform");
}

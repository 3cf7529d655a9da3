/** Files that are no plan and no state, and what to do about each. */
import { S3upError } from "../errors.ts";

export const howToShow = "terraform plan -out=tfplan && terraform show -json tfplan > plan.json (tofu works alike)";

export function refused(path: string, why: string, hint: string = `Write it with ${howToShow}.`): S3upError {
  return new S3upError("CONFIG_INVALID", `${path} cannot be audited as a Terraform plan.`, { why, hint });
}

/** Thrown in the depth of a value, where the path is not known. */
export class NestedTooDeep extends Error {}

export function refusedNesting(): NestedTooDeep {
  return new NestedTooDeep("nested deeper than any value of Terraform");
}

import { readJsonText } from "../policy/json-text.ts";
import { PolicyError } from "../policy/policy-error.ts";

/** A policy's text as the document it is; as text where a document would lose what is wrong with it (a member there twice). */
export function policyContent(text: string): unknown {
  try {
    readJsonText(text);
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof PolicyError) return text;
    throw error;
  }
}

/** Writes what follows from the audit anew, and takes away the pages of rules that are gone. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { auditDocuments } from "./audit-documents.ts";

const root = new URL("../", import.meta.url);
const folder = fileURLToPath(new URL("docs/rules/", root));

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [path, text] of auditDocuments()) writeFileSync(fileURLToPath(new URL(path, root)), text);

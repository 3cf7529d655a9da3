/** The table of docs/s3-stores.md, made from the one that the program goes by. */
import {
  allStores,
  type Sourced,
  type StoreFeature,
  type StoreQuirks,
  storeFeatures,
} from "../src/signing/store-quirks.ts";

export function storeTable(): string {
  const rows = allStores().map((store) => `| ${cellsOf(store).join(" | ")} |`);
  const head = ["store", "`--store`", "known by", "checksums", "CRC32 of many parts", "parts", "refused by s3up"];
  const facts = allStores().flatMap(factsOf);
  return [`| ${head.join(" | ")} |`, `|${"---|".repeat(head.length)}`, ...rows, "", ...facts].join("\n");
}

function cellsOf(store: StoreQuirks): readonly string[] {
  const { title, name, checksums, crcTypes, equalParts, lacks } = store;
  const lacking = (Object.keys(lacks) as StoreFeature[]).map((feature) => wordFor(feature));
  return [
    title,
    `\`${name}\``,
    knownBy(store),
    checksums === undefined ? "Content-MD5 only" : "S3's",
    checksums === undefined ? "none" : (crcTypes.CRC32 ?? "FULL_OBJECT"),
    equalParts ? "all but the last equal" : "any sizes",
    lacking.length === 0 ? "" : lacking.join(", "),
  ];
}

function knownBy({ name, hosts }: StoreQuirks): string {
  if (hosts.length > 0) return hosts.map((end) => `\`${end.replace(/^\./, "*.")}\``).join(", ");
  return name === "aws" ? "any other host" : "no host of its own";
}

function wordFor(feature: StoreFeature): string {
  if (feature === "kms") return "`--sse aws:kms`";
  if (feature === "encryption") return "`--sse AES256`";
  return storeFeatures[feature].map((flag) => `\`${flag}\``).join(", ");
}

function factsOf({ title, sources, lacks }: StoreQuirks): readonly string[] {
  const facts: readonly Sourced[] = [...sources, ...Object.values(lacks)];
  const lines = new Set(
    facts.map(({ why, source }) => `- ${title}: ${why.replace(/\.$/, "")} ([source](${linkOf(source)})).`),
  );
  return [...lines];
}

function linkOf(source: string): string {
  return source.startsWith("test/") ? "s3-servers.md" : source;
}

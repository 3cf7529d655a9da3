import { checksumAlgorithms, type ListedPart } from "../protocol/messages.ts";

/** Reads S3's answer to ListParts; undefined when it is none. A flat document of S3's own making, read by names. */
export function readListedParts(body: string): readonly ListedPart[] | undefined {
  const result = /<ListPartsResult(?:\s[^>]*)?>([\s\S]*)<\/ListPartsResult>/.exec(body)?.[1];
  if (result === undefined) return undefined;
  return [...result.matchAll(/<Part>([\s\S]*?)<\/Part>/g)].flatMap(([, part = ""]) => readPart(part));
}

function readPart(part: string): readonly ListedPart[] {
  const partNumber = Number(elementIn(part, "PartNumber"));
  const size = Number(elementIn(part, "Size"));
  const etag = elementIn(part, "ETag");
  if (!Number.isSafeInteger(partNumber) || !Number.isSafeInteger(size) || etag === undefined) return [];
  const checksum = checksumAlgorithms
    .map((algorithm) => elementIn(part, `Checksum${algorithm}`))
    .find((value) => value !== undefined);
  return [
    { partNumber, size, etag: etag.replaceAll(/&quot;|&#34;/g, '"'), ...(checksum === undefined ? {} : { checksum }) },
  ];
}

function elementIn(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml)?.[1];
}

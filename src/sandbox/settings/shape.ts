/** What S3 takes as a document: which elements, how many of each, which texts. Anything else is MalformedXML. */
import { S3Error, type S3ErrorCode, s3Error } from "../s3-error.ts";
import { malformed, parseXml, type XmlElement } from "../xml.ts";

/** Throws when the element is not as it should be. */
export type Shape = (element: XmlElement) => void;

interface Member {
  readonly shape: Shape;
  readonly min: number;
  readonly max: number;
}

/** @throws S3Error MalformedXML, or the code that S3 uses for this kind of document */
export function readDocument(text: string, root: string, shape: Shape, code: S3ErrorCode = "MalformedXML"): XmlElement {
  try {
    const document = parseXml(text, root);
    shape(document);
    return document;
  } catch (error) {
    if (error instanceof S3Error && error.code === "MalformedXML") throw s3Error(code);
    throw error;
  }
}

export function required(shape: Shape): Member {
  return { shape, min: 1, max: 1 };
}

export function optional(shape: Shape): Member {
  return { shape, min: 0, max: 1 };
}

export function many(shape: Shape, { min = 0, max = Number.POSITIVE_INFINITY } = {}): Member {
  return { shape, min, max };
}

/** An element with these children in any order, and no others. */
export function group(members: Readonly<Record<string, Member>>): Shape {
  return ({ children }) => {
    if (children.some(({ name }) => !Object.hasOwn(members, name))) throw malformed();
    for (const [name, { shape, min, max }] of Object.entries(members)) {
      const found = children.filter((child) => child.name === name);
      if (found.length < min || found.length > max) throw malformed();
      for (const child of found) shape(child);
    }
  };
}

/** Text for which the pattern holds as a whole. */
export function text(pattern = /^.*$/s): Shape {
  return ({ children, text: content }) => {
    if (children.length > 0 || !pattern.test(content)) throw malformed();
  };
}

export const someText = shortText(1024);

export function oneOf(...values: readonly string[]): Shape {
  return ({ children, text: content }) => {
    if (children.length > 0 || !values.includes(content)) throw malformed();
  };
}

/** XML Schema's boolean; the API reference writes it in capitals, the SDKs in small letters. */
export const boolean: Shape = text(/^(true|false|1|0)$/i);

export function isTrue(content: string | undefined): boolean {
  return content === "1" || content?.toLowerCase() === "true";
}

export const integer: Shape = text(/^-?\d{1,18}$/);

/** Up to so many characters (not bytes), at least one. */
export function shortText(maxLength: number): Shape {
  return text(new RegExp(`^.{1,${maxLength}}$`, "su"));
}

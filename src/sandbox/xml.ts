/** S3's XML in both directions: a writer that any key survives, and a reader that no document can hurt. */
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { s3Error } from "./s3-error.ts";

export const S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

/** Attributes as written, without the leading space. */
type XmlChild = readonly [name: string, content: XmlContent, attributes?: string | undefined];
/** A list of children; one whose content is undefined is left out. */
export type XmlContent = string | number | boolean | undefined | readonly XmlChild[];

/** A whole document with its declaration. @param namespace empty for none */
export function xmlDocument(root: string, content: XmlContent, namespace = S3_NAMESPACE): string {
  const attributes = namespace === "" ? undefined : `xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writeElement([root, content ?? "", attributes])}`;
}

function writeElement([name, content, attributes]: XmlChild): string {
  if (content === undefined) return "";
  const opening = attributes === undefined ? name : `${name} ${attributes}`;
  const inner = typeof content === "object" ? content.map(writeElement).join("") : escapeXml(String(content));
  return inner === "" ? `<${opening}/>` : `<${opening}>${inner}</${name}>`;
}

const named: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/**
 * Control characters become references, as S3 writes them. XML 1.0 allows no form of most of them at all, which is
 * why S3 offers `encoding-type=url`; a carriage return would be read back as a line feed if it stood there bare.
 */
function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to be replaced
  return text.replace(/[&<>"\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, (character) => {
    return named[character] ?? `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`;
  });
}

/** An element that was read. Namespaces and attributes play no part in what S3 reads. */
export interface XmlElement {
  readonly name: string;
  /** Its own text, without that of its children; white space around it is kept. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

const parser = new XMLParser({
  preserveOrder: true,
  removeNSPrefix: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  trimValues: false,
  // no entity of a document type can exist, since there is none; the references that remain are decoded below
  processEntities: false,
  maxNestedTags: 32,
});

/**
 * Reads a request body.
 * @throws S3Error `MalformedXML` when it is not well-formed, has a document type, or its root is not `root`
 */
export function parseXml(text: string, root: string): XmlElement {
  if (/<!(?!--)/.test(text)) throw malformed();
  if (XMLValidator.validate(text) !== true) throw malformed();
  const [element, second] = readNodes(parsed(text)).children;
  if (element?.name !== root || second !== undefined) throw malformed();
  return element;
}

export function malformed(): Error {
  return s3Error("MalformedXML");
}

function parsed(text: string): readonly Readonly<Record<string, unknown>>[] {
  try {
    return parser.parse(text) as readonly Readonly<Record<string, unknown>>[];
  } catch {
    // the parser has limits of its own, such as the depth
    throw malformed();
  }
}

function readNodes(nodes: readonly Readonly<Record<string, unknown>>[], name = ""): XmlElement {
  const texts: string[] = [];
  const children: XmlElement[] = [];
  for (const node of nodes) {
    for (const [key, value] of Object.entries(node)) {
      if (key === "#text") texts.push(decodeReferences(String(value)));
      else if (Array.isArray(value)) children.push(readNodes(value, key));
    }
  }
  return { name, text: texts.join(""), children };
}

const characters: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decodeReferences(text: string): string {
  return text.replace(/&([^;&]*);?/g, (_, name: string) => {
    const number = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
    const code = Number.parseInt(number?.[1] ?? number?.[2] ?? "", number?.[1] === undefined ? 10 : 16);
    const decoded = number === null ? characters[name] : code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
    if (decoded === undefined) throw malformed();
    return decoded;
  });
}

export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The text of the one child of that name; undefined when there is none. @throws S3Error `MalformedXML` when there are more */
export function childText(element: XmlElement, name: string): string | undefined {
  const [child, second] = childrenOf(element, name);
  if (second !== undefined) throw malformed();
  return child?.text;
}

/** Documents as trees of elements, so that what was PUT can be given back element for element. */
import { childrenOf, type XmlContent, type XmlElement, xmlDocument } from "../xml.ts";

/** `element("Rule", element("ID", "a"))`: children or one text. */
export function element(name: string, ...content: readonly (XmlElement | string)[]): XmlElement {
  const children = content.filter((item) => typeof item !== "string");
  return { name, children, text: content.filter((item) => typeof item === "string").join("") };
}

/** In S3's namespace unless another is given. */
export function writeTree(root: XmlElement, namespace?: string): string {
  return xmlDocument(root.name, contentOf(root), namespace);
}

export function childOf(parent: XmlElement, name: string): XmlElement | undefined {
  return childrenOf(parent, name)[0];
}

export function textOf(parent: XmlElement, name: string): string | undefined {
  return childOf(parent, name)?.text;
}

export function textsOf(parent: XmlElement, name: string): readonly string[] {
  return childrenOf(parent, name).map(({ text }) => text);
}

function contentOf({ children, text }: XmlElement): XmlContent {
  if (children.length === 0) return text;
  return children.map((child) => {
    const attributes = attributesOf(child);
    return attributes === undefined ? [child.name, contentOf(child)] : [child.name, contentOf(child), attributes];
  });
}

/** A grantee's type is the one attribute in all of S3's settings, and its first child tells which it is. */
const granteeTypes: Readonly<Record<string, string>> = { ID: "CanonicalUser", URI: "Group" };

function attributesOf({ name, children }: XmlElement): string | undefined {
  const type = name === "Grantee" ? granteeTypes[children[0]?.name ?? ""] : undefined;
  return type === undefined ? undefined : `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="${type}"`;
}

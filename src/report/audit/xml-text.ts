/** Text that may stand in an XML document, whatever it was. */

/** What XML 1.0 forbids even as a character reference, and halves of surrogate pairs. */
const forbidden = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const references: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/** For the text between tags. */
export function xmlText(text: string): string {
  return permitted(text).replace(/[&<>\r]/g, (sign) => references[sign] ?? sign);
}

/** For an attribute in double quotes; references keep the white space that a parser would turn into spaces. */
export function xmlAttribute(text: string): string {
  return permitted(text).replace(/[&<>"'\t\n\r]/g, (sign) => references[sign] ?? sign);
}

/** XML has no way to write these signs, so a replacement stands for them. */
function permitted(text: string): string {
  return text.replace(forbidden, "\u{fffd}");
}

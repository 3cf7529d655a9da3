import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { childrenOf, childText, parseXml, xmlDocument } from "../../src/sandbox/xml.ts";

describe("xmlDocument", () => {
  test.for([
    ["escapes what has a meaning in XML", '<a&"b">', "&lt;a&amp;&quot;b&quot;&gt;"],
    ["writes a carriage return as a reference", "a\rb", "a&#xD;b"],
    ["writes a control character as a reference", "a\u0001b", "a&#x1;b"],
    ["leaves other scripts as they are", "größe/🎉", "größe/🎉"],
  ])("%s", ([, text, expected]) => {
    expect(xmlDocument("Key", text)).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>\n<Key xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${expected}</Key>`,
    );
  });

  test("nests, leaves out what is undefined and closes what is empty", () => {
    const content = [
      ["A", [["B", 1]]],
      ["C", undefined],
      ["D", ""],
      ["E", true, 'type="x"'],
    ] as const;
    expect(xmlDocument("R", content)).toContain('<A><B>1</B></A><D/><E type="x">true</E></R>');
  });
});

describe("parseXml", () => {
  test("reads what a client writes, whatever its prefix", () => {
    const root = parseXml(
      '<?xml version="1.0"?>\n<s3:Delete xmlns:s3="x"><s3:Key>a &amp; b</s3:Key></s3:Delete>',
      "Delete",
    );
    expect(childText(root, "Key")).toBe("a & b");
  });

  test("keeps the order of children, their spaces, and drops comments", () => {
    const root = parseXml("<L><P> 2 </P><!-- none --><P>&#x31;&#48;</P></L>", "L");
    expect(childrenOf(root, "P").map(({ text }) => text)).toEqual([" 2 ", "10"]);
  });

  test.for([
    ["text that is no XML", "hello"],
    ["an empty body", ""],
    ["another root", "<Other/>"],
    ["an unclosed element", "<L><P></L>"],
    ["two roots", "<L/><L/>"],
    ["a document type", '<!DOCTYPE L [<!ENTITY x "y">]><L>&x;</L>'],
    ["an entity that XML does not know", "<L>&x;</L>"],
    ["a reference beyond Unicode", "<L>&#x110000;</L>"],
    ["a lone ampersand", "<L>a & b</L>"],
    ["depth without end", `${"<L>".repeat(5000)}${"</L>".repeat(5000)}`],
  ])("refuses %s", ([, text]) => {
    expect(() => parseXml(text ?? "", "L")).toThrow(expect.objectContaining({ code: "MalformedXML" }));
  });

  test("reads back any text that XML can hold", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const written = xmlDocument("R", [["T", text]]);
        expect(childText(parseXml(written, "R"), "T")).toBe(text);
      }),
    );
  });

  test("answers any text with an element or MalformedXML", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("<", ">", "/", "L", "&", "#", ";", "!", "-", '"', " ", "[", "?") }),
        (text) => {
          try {
            expect(parseXml(text, "L").name).toBe("L");
          } catch (error) {
            expect(error).toMatchObject({ code: "MalformedXML" });
          }
        },
      ),
    );
  });
});

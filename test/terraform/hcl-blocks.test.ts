import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hclBlocks } from "../../src/terraform/hcl-blocks.ts";

const found = (text: string) =>
  hclBlocks(text).map(({ type, labels, line }) => `${line} ${[type, ...labels].join(" ")}`);

describe("blocks at the top of a file", () => {
  test.for([
    ["one after the other", 'resource "a" "b" {\n}\n\ndata "c" "d" {}\n', ["1 resource a b", "4 data c d"]],
    [
      "with windows' line ends",
      'resource "a" "b" {\r\n}\r\nresource "c" "d" {\r\n}\r\n',
      ["1 resource a b", "3 resource c d"],
    ],
    [
      "not those inside of others",
      'resource "a" "b" {\n  rule {\n    x { }\n  }\n}\nlocals {\n}\n',
      ["1 resource a b", "6 locals"],
    ],
    [
      "not what a comment shows",
      '# resource "a" "b" {\n// resource "a" "c" {\n/* resource "a" "d" {\n} */\nresource "e" "f" {}',
      ["5 resource e f"],
    ],
    [
      "not what a heredoc shows",
      'resource "a" "b" {\n  policy = <<-EOT\n    resource "x" "y" {\n    } } }\n  EOT\n}\nresource "c" "d" {}',
      ["1 resource a b", "7 resource c d"],
    ],
    [
      "braces in strings",
      'resource "a" "b" {\n  x = "}"\n  y = "\\"}"\n}\nresource "c" "d" {}',
      ["1 resource a b", "5 resource c d"],
    ],
    [
      "strings in interpolations",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Terraform's
      'resource "a" "b" {\n  x = "${var.m["}"]}{"\n}\nresource "c" "d" {}',
      ["1 resource a b", "4 resource c d"],
    ],
    [
      "an escaped interpolation",
      'resource "a" "b" {\n  x = "$${"\n}\nresource "c" "d" {}',
      ["1 resource a b", "4 resource c d"],
    ],
    ["labels without quotes", "resource a b {\n}\n", ["1 resource a b"]],
    ["after a byte order mark", '\uFEFFresource "a" "b" {}', ["1 resource a b"]],
    ["of a file that is cut off", 'resource "a" "b" {\n  x = "', ["1 resource a b"]],
    ["of a shift in an expression", 'locals {\n  x = 1 << 2\n}\nresource "c" "d" {}', ["1 locals", "4 resource c d"]],
  ] as const)("%s", ([, text, blocks]) => {
    expect(found(text)).toEqual(blocks);
  });

  test("the source of a module, where it is plain text", () => {
    const text =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Terraform's
      'module "a" {\n  source = "./x"\n  other = { source = "./no" }\n}\nmodule "b" {\n  source = "${path.module}/y"\n}\n';
    expect(hclBlocks(text).map(({ source }) => source)).toEqual(["./x", undefined]);
  });

  test("any text ends", () => {
    const signs = fc.string({
      unit: fc.constantFrom('"', "{", "}", "$", "%", "\\", "\n", "<<E\n", "E", "#", "/*", "*/", "a ", '"x"'),
    });
    fc.assert(fc.property(signs, (text) => void hclBlocks(text)));
  });
});

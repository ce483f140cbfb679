import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorOf, evaluate } from "../testScope.fixture.ts";

function table(name: string, rows: readonly (readonly [source: string, value: unknown])[]) {
  describe(name, () => {
    for (const [source, value] of rows) it(source, () => assert.deepEqual(evaluate(source), value));
  });
}

table("texts", [
  ["['', ' ', 'a'].map(x => x.isEmpty())", [true, false, false]],
  ["$json.email.extractEmail()", "ada@example.com"],
  ["'none'.extractEmail()", undefined],
  [
    "['a@b.co', 'a@b', 'a b@c.de', 'x.y+z@sub.example.org'].map(x => x.isEmail())",
    [true, false, false, true],
  ],
  ["['https://a.b/c?d', 'ftp://x.y', 'a.b', 'http://'].map(x => x.isUrl())", [true, true, false, false]],
  ["['example.com', 'a', '-a.com', 'sub.example.co.uk'].map(x => x.isDomain())", [true, false, false, true]],
  ["['1', '1.5', 'x', '', ' ', '1e3'].map(x => x.isNumeric())", [true, true, false, false, false, true]],
  ["'see https://example.com/a?b=1 now'.extractUrl()", "https://example.com/a?b=1"],
  ["'https://user@www.example.com:8080/path/x?q'.extractDomain()", "www.example.com"],
  ["'ada@example.com'.extractDomain()", "example.com"],
  ["'https://example.com/path/x?q'.extractUrlPath()", "/path/x"],
  ["'hello big world'.toTitleCase()", "Hello Big World"],
  ["'HELLO. how are you? fine'.toSentenceCase()", "Hello. How are you? Fine"],
  [
    "['Hello World', 'helloWorld', 'hello-world', ' hello__world '].map(x => x.toSnakeCase())",
    Array(4).fill("hello_world"),
  ],
  ["'Hello World Again'.toCamelCase()", "helloWorldAgain"],
  ["'helloWorld again'.toDashCase()", "hello-world-again"],
  ["'Ünï ßtraße'.replaceSpecialChars()", "Uni sstrasse"],
  ["'# Title\\n* **bold** and [link](http://x.y)'.removeMarkdown()", "Title\nbold and link"],
  ["'<p>Hi <b>there</b></p>'.removeTags()", "Hi there"],
  ["'say \"hi\"'.quote()", '"say \\"hi\\""'],
  ['"it\'s".quote("\'")', "'it\\'s'"],
  ["'12abc'.toInt() + '3.5x'.toFloat()", 15.5],
  ["'12.5'.toNumber()", 12.5],
  ["['true', 'no', '0', 'x', ''].map(x => x.toBoolean())", [true, false, false, true, false]],
  ["'{\"a\": [1]}'.parseJson()", { a: [1] }],
  ["'a\"b'.toJsonString()", '"a\\"b"'],
  ["'Grüße 🎉'.base64Encode()", "R3LDvMOfZSDwn46J"],
  ["'Grüße 🎉'.base64Encode().base64Decode()", "Grüße 🎉"],
  ["'a b&c/d'.urlEncode()", "a%20b%26c%2Fd"],
  ["'https://x.y/a b'.urlEncode(true)", "https://x.y/a%20b"],
  ["'a%20b'.urlDecode()", "a b"],
]);

table("lists", [
  ["[1, 2, 3, 4].sum()", 10],
  ["[1, 2, '3'].average()", 2],
  ["[[3, 1, 2].min(), [3, 1, 2].max(), [].sum(), [].min()]", [1, 3, 0, null]],
  ["[[1, 2].first(), [1, 2].last(), [].first()]", [1, 2, null]],
  ["[[].isEmpty(), [0].isNotEmpty()]", [true, true]],
  ["[1, '1', 1, { a: 1, b: 2 }, { b: 2, a: 1 }].unique()", [1, "1", { a: 1, b: 2 }]],
  ["$json.orders.removeDuplicates('paid').pluck('id')", [1, 2]],
  ["$json.orders.pluck('price')", [10, 2.5, 7]],
  ["$json.orders.pluck('id', 'paid')[0]", { id: 1, paid: true }],
  ["[1, 2, 3, 4, 5].chunk(2)", [[1, 2], [3, 4], [5]]],
  ["[0, null, '', 'a', undefined, false].compact()", [0, "a", false]],
  ["[1, 2].union([2, 3])", [1, 2, 3]],
  ["[1, 2, { a: 1 }].difference([2, { a: 1 }])", [1]],
  ["[1, 2, { a: 1 }].intersection([{ a: 1 }, 2])", [2, { a: 1 }]],
  ["[{ a: 1 }, { b: 2 }].merge()", { a: 1, b: 2 }],
  ["[{ a: 1 }, { a: 2 }].merge([{ b: 1 }])", [{ a: 1, b: 1 }, { a: 2 }]],
  ["[{ k: 'x', v: 1 }, { k: 'y', v: 2 }].smartJoin('k', 'v')", { x: 1, y: 2 }],
  ["[{ a: 1, b: 2 }].renameKeys('a', 'z')", [{ z: 1, b: 2 }]],
  ["[1].append(2, 3)", [1, 2, 3]],
  ["[1, { a: 2 }].toJsonString()", '[1,{"a":2}]'],
  ["[1, 2, 3].includes([1, 2, 3].randomItem())", true],
]);

table("numbers", [
  [
    "[(1.005).round(2), (2.5).round(), (-1.45).round(1), (1234.5678).round(-2), (1e21).round(2)]",
    [1.01, 3, -1.4, 1200, 1e21],
  ],
  ["[(1.9).floor(), (1.1).ceil(), (-3).abs(), (3.7).toInt()]", [1, 2, 3, 3]],
  ["[(4).isEven(), (3).isOdd(), (-3).isOdd(), (1.5).isInteger()]", [true, true, true, false]],
  ["(1234567.891).format()", "1,234,567.891"],
  ["(1234.5).format('de-DE')", "1.234,5"],
  ["(0.256).format('en-US', { style: 'percent' })", "26%"],
  ["[(0).toBoolean(), (2).toBoolean()]", [false, true]],
]);

table("objects", [
  ["$json.address.keys()", ["city", "zip"]],
  ["$json.address.values()", ["Paris", null]],
  ["[{}.isEmpty(), $json.address.isNotEmpty()]", [true, true]],
  ["[$json.hasField('name'), $json.hasField('constructor')]", [true, false]],
  ["$json.address.removeField('zip')", { city: "Paris" }],
  ["({ a: 'x1', b: 'y' }).removeFieldsContaining('x')", { b: "y" }],
  ["({ a: 'x1', b: 'y' }).keepFieldsContaining('x')", { a: "x1" }],
  ["({ a: null, b: '', c: {}, d: 0 }).compact()", { d: 0 }],
  ["({ a: 1 }).merge({ a: 2, b: 3 })", { a: 1, b: 3 }],
  ["({ a: 1, b: 'x y', c: [1] }).urlEncode()", "a=1&b=x+y&c=%5B1%5D"],
  ["({ a: [1] }).toJsonString()", '{"a":[1]}'],
  ["({ keys: 1 }).keys()", ["keys"]],
]);

table("names", [
  ["$if(1 > 0, 'a', 'b')", "a"],
  ["[$ifEmpty('', 1), $ifEmpty([], 2), $ifEmpty({}, 3), $ifEmpty(0, 4), $ifEmpty(null, 5)]", [1, 2, 3, 0, 5]],
  ["[$min(3, 1, 2), $max([3, 1, 2])]", [1, 3]],
  ["$jmespath($json, 'orders[?paid].price | sum(@)')", 17],
  ["$jmespath($json, 'orders[*].{id: id, cheap: price < `8`} | [-1]')", { id: 3, cheap: true }],
  ["$jmespath($json, 'sort_by(orders, &price)[*].id')", [2, 3, 1]],
  ["$jmespath($json, \"join('-', tags)\")", "x-y"],
  ["$jmespath($json, 'not_null(nothing, name)')", "Ada"],
  ["$jmespath([[1, [2]], 3], '[]')", [1, [2], 3]],
  ["$jmespath([0, 1, 2, 3, 4], '[-2:]')", [3, 4]],
  ["$jmespath({ a: { x: { n: 1 }, y: { n: 2 } } }, 'a.*.n')", [1, 2]],
  [
    '$jmespath({ a: 1 }, \'[type(a), to_string(a), to_number(`"5"`), length(keys(@)), contains(`[1, 2]`, a), reverse(`"ab"`)]\')',
    ["number", "1", 5, 1, true, "ba"],
  ],
  ["$jmespath($json, 'max_by(orders, &price).id')", 1],
  ["$jmespath($json, '!nothing && age >= `36` || `false`')", true],
]);

describe("wrong use", () => {
  const rows: [source: string, code: string][] = [
    ["['a'].sum()", "BAD_ARGUMENT"],
    ["[1].chunk(0)", "BAD_ARGUMENT"],
    ["(1.5).isEven()", "BAD_ARGUMENT"],
    ["'x'.toNumber()", "BAD_ARGUMENT"],
    ["'x'.parseJson()", "INVALID_JSON"],
    ["'soon'.toDateTime()", "BAD_DATE"],
    ["$now.plus('soon')", "BAD_ARGUMENT"],
    ["$now.plus({ fortnights: 1 })", "BAD_ARGUMENT"],
    ["[1].union(2)", "NOT_LIST"],
    ["$jmespath({}, 'nope(@)')", "BAD_QUERY"],
    ["'x'.toUperCase()", "NO_METHOD"],
    ["[].reduce((a, b) => a)", "BAD_ARGUMENT"],
  ];
  for (const [source, code] of rows) it(source, () => assert.equal(errorOf(source).code, code));
  it("suggests the nearest method", () => assert.match(errorOf("'x'.toUperCase()").hint, /toUpperCase/));
});

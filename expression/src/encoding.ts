// Text as bytes without the host's encoders, which differ between server and browser.
// Lone surrogates become U+FFFD, as everywhere in UTF-8.

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function utf8Encode(text: string): number[] {
  const bytes: number[] = [];
  for (const char of text) {
    let code = char.codePointAt(0) ?? 0;
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else
      bytes.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
  }
  return bytes;
}

export function utf8Decode(bytes: readonly number[]): string {
  let text = "";
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i++] ?? 0;
    const more = first < 0x80 ? 0 : first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : -1;
    let code = more === 0 ? first : first & (0x3f >> more);
    let isValid = more >= 0 && first < 0xf8;
    for (let j = 0; j < more && isValid; j++) {
      const next = bytes[i] ?? 0;
      if ((next & 0xc0) !== 0x80) isValid = false;
      else {
        code = (code << 6) | (next & 63);
        i++;
      }
    }
    text +=
      isValid && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
        ? String.fromCodePoint(code)
        : "\ufffd";
  }
  return text;
}

export function base64Encode(bytes: readonly number[]): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const a = bytes[i] ?? 0;
    const b = bytes[i + 1];
    const c = bytes[i + 2];
    text += LETTERS.charAt(a >> 2) + LETTERS.charAt(((a & 3) << 4) | ((b ?? 0) >> 4));
    text += b === undefined ? "=" : LETTERS.charAt(((b & 15) << 2) | ((c ?? 0) >> 6));
    text += c === undefined ? "=" : LETTERS.charAt(c & 63);
  }
  return text;
}

/** Also reads the URL-safe letters; undefined when the text is not base64. */
export function base64Decode(text: string): number[] | undefined {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === "=" || char === "\n" || char === "\r" || char === " ") continue;
    const value = char === "-" ? 62 : char === "_" ? 63 : LETTERS.indexOf(char);
    if (value === -1) return undefined;
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push((bits >> count) & 255);
    }
  }
  return bytes;
}

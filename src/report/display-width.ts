const SEGMENTER = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Letters that a terminal draws two cells wide: East Asian scripts, full-width forms, and emoji. */
const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u;

const INVISIBLE = /^[\p{Control}\p{Format}\p{Mark}]*$/u;

/** Cells that a text takes up in a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of SEGMENTER.segment(text)) {
    if (INVISIBLE.test(segment)) continue;
    width += WIDE.test(segment) ? 2 : 1;
  }
  return width;
}

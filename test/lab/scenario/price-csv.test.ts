import { expect } from "chai";

import { PriceFileError } from "../../../src/lab/errors.ts";
import { MAX_BARS, parsePriceCsv } from "../../../src/lab/scenario/price-csv.ts";

const HEADER = "timestamp,open,high,low,close,volume";
const FIRST = "1583971200,100,110,90,105,12.5";
const SECOND = "1583971500,105,106,80.25,85,7";

function errorOf(text: string): PriceFileError {
  try {
    parsePriceCsv(text, "prices.csv");
  } catch (error) {
    if (error instanceof PriceFileError) return error;
    throw error;
  }
  throw new Error("The text was accepted, though it should have been refused.");
}

describe("parsePriceCsv", () => {
  it("reads bars", () => {
    expect(parsePriceCsv(`${HEADER}\n${FIRST}\n${SECOND}\n`, "prices.csv")).to.deep.equal([
      { timestamp: 1583971200, open: 100, high: 110, low: 90, close: 105 },
      { timestamp: 1583971500, open: 105, high: 106, low: 80.25, close: 85 },
    ]);
  });

  it("tolerates a byte order mark, Windows line ends, blanks, capitals, and empty lines at the end", () => {
    const text = `\uFEFFTimestamp, Open, High, Low, Close, Volume\r\n ${FIRST} \r\n${SECOND}\r\n\r\n\n  \n`;
    expect(parsePriceCsv(text, "prices.csv")).to.deep.equal(
      parsePriceCsv(`${HEADER}\n${FIRST}\n${SECOND}`, "prices.csv"),
    );
  });

  it("does without volumes, by column or by field", () => {
    expect(parsePriceCsv("timestamp,open,high,low,close\n0,1,2,1,2\n60,2,2,1,1", "prices.csv")).to.have.length(2);
    expect(parsePriceCsv(`${HEADER}\n0,1,2,1,2,\n60,2,2,1,1,`, "prices.csv")).to.have.length(2);
  });

  it("names the file, the line, the trouble and the way out", () => {
    const error = errorOf(`${HEADER}\n${FIRST}\n1583971500,105,106,80,x,7`);
    expect(error.message).to.equal(
      'prices.csv, line 3: close "x" is not a number. Write digits with a point for decimals, like 194.60, ' +
        "without separators or symbols. The form is described in docs/price-files.md.",
    );
    expect(error.file).to.equal("prices.csv");
    expect(error.line).to.equal(3);
  });

  const header = "the first line";
  const refused: readonly (readonly [rule: string, text: string, line: number | undefined, message: string])[] = [
    ["an empty file", "", undefined, "the file is empty"],
    ["a file of blanks", " \n\n", undefined, "the file is empty"],
    [`${header} without names`, `${FIRST}\n${SECOND}`, 1, "the header is"],
    [`${header} in another order`, `open,timestamp,high,low,close\n${FIRST}`, 1, "the header is"],
    [
      `${header} with other separators`,
      `${HEADER.replaceAll(",", ";")}\n${FIRST}`,
      1,
      "Separate the columns by commas",
    ],
    ["a header alone", `${HEADER}\n`, undefined, "the file has no bars"],
    ["a single bar", `${HEADER}\n${FIRST}`, undefined, "the file has only one bar"],
    ["a line with a column missing", `${HEADER}\n${FIRST}\n1583971500,105,106,80,85`, 3, "5 columns, the header 6"],
    ["a line with a column too many", `${HEADER}\n${FIRST},1\n${SECOND}`, 2, "7 columns, the header 6"],
    ["an empty line between bars", `${HEADER}\n${FIRST}\n\n${SECOND}`, 3, "the line is empty"],
    ["a price that is empty", `${HEADER}\n${FIRST}\n1583971500,,106,80,85,7`, 3, "open is empty"],
    ["a price that is no number", `${HEADER}\n1583971200,100,110,$90,105,1\n${SECOND}`, 2, 'low "$90" is not a number'],
    ["NaN", `${HEADER}\n1583971200,NaN,110,90,105,1\n${SECOND}`, 2, 'open "NaN" is not a number'],
    ["a hexadecimal number", `${HEADER}\n1583971200,0x10,110,9,105,1\n${SECOND}`, 2, 'open "0x10" is not a number'],
    ["a number beyond all bounds", `${HEADER}\n1583971200,1e999,110,9,105,1\n${SECOND}`, 2, "is not a number"],
    ["a price of zero", `${HEADER}\n1583971200,100,110,0,105,1\n${SECOND}`, 2, "low 0 is not positive"],
    ["a negative price", `${HEADER}\n1583971200,-100,110,90,105,1\n${SECOND}`, 2, "open -100 is not positive"],
    [
      "a price too small for a feed",
      `${HEADER}\n1583971200,100,110,0.0099,105,1\n${SECOND}`,
      2,
      "low 0.0099 is out of range. A price lies between 0.01 and 10000000 dollars",
    ],
    ["an absurd price", `${HEADER}\n1583971200,100,10000001,90,105,1\n${SECOND}`, 2, "high 10000001 is out of range"],
    ["a low above the open", `${HEADER}\n1583971200,100,110,101,105,1\n${SECOND}`, 2, "low 101 is above open 100"],
    ["a low above the close", `${HEADER}\n1583971200,105,110,101,100,1\n${SECOND}`, 2, "low 101 is above close 100"],
    ["a high below the open", `${HEADER}\n1583971200,105,104,90,100,1\n${SECOND}`, 2, "high 104 is below open 105"],
    ["a high below the close", `${HEADER}\n1583971200,100,104,90,105,1\n${SECOND}`, 2, "high 104 is below close 105"],
    ["a timestamp that is no number", `${HEADER}\n2020-03-12,100,110,90,105,1\n${SECOND}`, 2, "is not a number"],
    ["a timestamp with a fraction", `${HEADER}\n1.5,100,110,90,105,1\n${SECOND}`, 2, "not a whole number of seconds"],
    ["a negative timestamp", `${HEADER}\n-60,100,110,90,105,1\n${SECOND}`, 2, "not a whole number of seconds"],
    ["timestamps in milliseconds", `${HEADER}\n1583971200000,100,110,90,105,1\n${SECOND}`, 2, "divide by 1000"],
    ["timestamps that descend", `${HEADER}\n${SECOND}\n${FIRST}`, 3, "does not come after"],
    ["a timestamp twice", `${HEADER}\n${FIRST}\n${FIRST}`, 3, "does not come after"],
    ["bars too close together", `${HEADER}\n0,1,1,1,1,1\n3,1,1,1,1,1`, 3, "only 3 s after"],
    ["a volume that is no number", `${HEADER}\n1583971200,100,110,90,105,many\n${SECOND}`, 2, 'volume "many"'],
    ["a negative volume", `${HEADER}\n1583971200,100,110,90,105,-1\n${SECOND}`, 2, "volume -1 is negative"],
    ["more bars than are sensible", `${HEADER}\n${"\n".repeat(MAX_BARS)}x`, undefined, `more than ${MAX_BARS}`],
  ];

  for (const [rule, text, line, message] of refused) {
    it(`refuses ${rule}`, () => {
      const error = errorOf(text);
      expect(error.message).to.contain(message);
      expect(error.line).to.equal(line);
    });
  }

  it("shows a binary file's first line cut and without control characters", () => {
    const { message } = errorOf(`\u0000\u001b[31m${"A".repeat(5000)}`);
    // eslint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(message).not.to.match(/[\u0000-\u001f]/);
    expect(message.length).to.be.below(300);
  });
});

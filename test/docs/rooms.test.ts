import { expect } from "chai";
import { ESLint } from "eslint";
import { parser } from "typescript-eslint";

import { rooms } from "../../eslint.rooms.ts";

/** The complaints about one import in a file of a room. */
async function complaints(room: string, imported: string): Promise<readonly string[]> {
  const eslint = new ESLint({
    overrideConfigFile: true,
    overrideConfig: [{ files: ["**/*.ts"], languageOptions: { parser } }, ...rooms],
  });
  const [result] = await eslint.lintText(`import { x } from "${imported}";\n`, { filePath: `src/${room}/a/file.ts` });
  return (result?.messages ?? []).map(({ message }) => message);
}

describe("The rooms of src", () => {
  const allowed: readonly (readonly [string, string])[] = [
    ["protocol", "../../errors.ts"],
    ["protocol", "../units.ts"],
    ["events", "../../protocol/units.ts"],
    ["events", "ethers"],
    ["client", "../../../abis/LeverageMarket.ts"],
    ["client", "../../../types/index.ts"],
    ["keeper", "../../events/apply.ts"],
    ["lab", "../../keeper/round.ts"],
    ["lab", "node:fs"],
    ["report", "../../lab/record.ts"],
  ];
  for (const [room, imported] of allowed) {
    it(`let ${room} import ${imported}`, async () => {
      expect(await complaints(room, imported)).to.be.empty;
    });
  }

  const forbidden: readonly (readonly [string, string])[] = [
    ["protocol", "../../client/units.ts"],
    ["protocol", "ethers"],
    ["protocol", "ethers/abi"],
    ["protocol", "node:crypto"],
    ["events", "../../client/send.ts"],
    ["events", "node:fs"],
    ["client", "../../keeper/round.ts"],
    ["client", "hardhat"],
    ["client", "../../../types/factories/contracts/LeverageMarket__factory.ts"],
    ["keeper", "../../lab/run.ts"],
    ["lab", "../../report/format.ts"],
    ["lab", "../../../scripts/demo/options.ts"],
    ["lab", "../../../deploy/modules/local.ts"],
    ["report", "../../lab/run.ts"],
    ["report", "../../client/send.ts"],
  ];
  for (const [room, imported] of forbidden) {
    it(`keep ${room} from importing ${imported}`, async () => {
      expect(await complaints(room, imported)).to.have.length(1);
    });
  }
});

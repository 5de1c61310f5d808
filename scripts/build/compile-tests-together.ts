import type { HardhatPlugin } from "hardhat/types/plugins";

/**
 * Hardhat compiles files together whose settings are one object, and makes an object for each override: a run of the
 * compiler for every test file, and minutes for what takes one. So equal overrides become the same object.
 */
export const compileTestsTogether: HardhatPlugin = {
  id: "compile-tests-together",
  hookHandlers: {
    config: () =>
      Promise.resolve({
        default: () =>
          Promise.resolve({
            resolveUserConfig: async (userConfig, resolveConfigurationVariable, next) => {
              const config = await next(userConfig, resolveConfigurationVariable);
              for (const { overrides } of Object.values(config.solidity.profiles)) {
                const shared = new Map(Object.values(overrides).map((one) => [JSON.stringify(one), one]));
                for (const [file, one] of Object.entries(overrides))
                  overrides[file] = shared.get(JSON.stringify(one)) ?? one;
              }
              return config;
            },
          }),
      }),
  },
};

import type { HardhatPlugin } from "hardhat/types/plugins";

/**
 * Reduces Hardhat's runs of the compiler. Hardhat compiles files together only if their settings
 * are the same object, and it makes a new object for each override. That would be a run per test
 * file, and take many times longer. So equal overrides are replaced by the same object.
 */
export const compileOnce: HardhatPlugin = {
  id: "compile-once",
  hookHandlers: {
    config: () =>
      Promise.resolve({
        default: () =>
          Promise.resolve({
            resolveUserConfig: async (userConfig, resolveConfigurationVariable, next) => {
              const config = await next(userConfig, resolveConfigurationVariable);
              const build = config.solidity.profiles.default;
              if (build === undefined) return config;
              const shared = new Map(Object.values(build.overrides).map((one) => [JSON.stringify(one), one]));
              for (const [file, one] of Object.entries(build.overrides))
                build.overrides[file] = shared.get(JSON.stringify(one)) ?? one;
              return config;
            },
          }),
      }),
  },
};

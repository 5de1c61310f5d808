import type { HardhatPlugin } from "hardhat/types/plugins";

/**
 * Keeps Hardhat from running the compiler more often than it must: it compiles files together whose settings are one
 * object, and makes an object for each override, which is a run of the compiler for every test file, and minutes for what
 * takes one. So equal overrides become the same object.
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

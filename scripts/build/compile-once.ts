import type { HardhatPlugin } from "hardhat/types/plugins";

/**
 * Keeps Hardhat from compiling the same sources twice.
 *
 * - It compiles files together whose settings are one object, and makes an object for each override: a run of the
 *   compiler for every test file, and minutes for what takes one. So equal overrides become the same object.
 * - `ignition deploy` builds by the profile `production`. Hardhat writes its settings in another order than those of the
 *   profile `default`, takes that for other settings, and compiles everything anew: in the deployment, and again in the
 *   next test. So both profiles become the same object, and the bytecode that was tested is the one that is deployed.
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
              const { profiles } = config.solidity;
              const build = profiles.default;
              if (build === undefined) return config;
              const shared = new Map(Object.values(build.overrides).map((one) => [JSON.stringify(one), one]));
              for (const [file, one] of Object.entries(build.overrides))
                build.overrides[file] = shared.get(JSON.stringify(one)) ?? one;
              profiles.production = build;
              return config;
            },
          }),
      }),
  },
};

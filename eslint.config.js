import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

import { rooms } from "./eslint.rooms.ts";

export default defineConfig(
  globalIgnores(["abis/", "artifacts/", "cache/", "coverage/", "dist/", "node_modules/", "out/", "types/"]),
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      // An assertion on a transaction that nobody awaits passes whatever happens: this rule catches it.
      "@typescript-eslint/no-floating-promises": ["error", { checkThenables: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: "error",
      "no-restricted-syntax": [
        "error",
        { selector: "ExportAllDeclaration", message: "Import from the file that defines it: no barrel files." },
      ],
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      // chai asserts by properties: expect(x).to.be.true
      "@typescript-eslint/no-unused-expressions": "off",
      // A test file with one of these passes whatever the other tests do.
      "no-restricted-properties": [
        "error",
        ...["it", "describe", "context", "specify"].map((object) => ({
          object,
          property: "only",
          message: "Run one test by --grep, and commit them all.",
        })),
      ],
    },
  },
  ...rooms,
  prettier,
);

import jest from "eslint-plugin-jest";
import tseslint from "typescript-eslint";

/** Provider packages whose root loads thousands of modules; their submodules load in milliseconds. */
const PROVIDER_ROOTS = ["@pulumi/azure-native", "@pulumi/kubernetes"];
/** An index of azure-native brings the names of all its resources: 8 MB of memory for those of this package, against what a resource's own file takes. */
const ownFiles = { regex: "^@pulumi/azure-native/\\w+$", message: "Import the resource's own file, for example @pulumi/azure-native/storage/fileShare." };
const noProviderRoots = PROVIDER_ROOTS.map((name) => ({
  name,
  message: "Import a submodule, for example @pulumi/azure-native/containerservice.",
}));

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", "coverage/", "docs/", ".aks-fine-tuning/", "*.js", "*.mjs"] },
  ...tseslint.configs.strictTypeChecked,
  {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "no-unused-expressions": "error",
      "no-restricted-imports": ["error", { paths: noProviderRoots }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // The reader of a JSON document says what it expects in it.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      // Overflows the stack on recursive JSON types (typescript-eslint 8.73).
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      // A resource registers itself when it is constructed; nothing need hold it.
      "no-new": "off",
    },
  },
  // What decides knows no provider, so that it can be tested, and loaded by the CLI, without one.
  { files: ["components/plan/**/*.ts"], rules: bottomOfTheTree("../../*") },
  { files: ["components/plan/*/*/*.ts"], rules: bottomOfTheTree("../../../*") },
  {
    files: ["components/**/*.ts"],
    ignores: ["components/plan/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          paths: noProviderRoots,
          patterns: [ownFiles, { group: ["**/stacks/*", "**/cli/*", "**/sandbox/*"], message: "Components import nothing above them." }],
        },
      ],
    },
  },
  {
    files: ["tests/**/*.ts"],
    plugins: { jest },
    rules: {
      ...jest.configs["flat/recommended"].rules,
      "jest/valid-title": "error",
      "max-lines-per-function": "off",
      // Pulumi's mocks hand out `any`; expectations compare whole values.
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/no-misused-spread": "off",
      "jest/expect-expect": ["error", { assertFunctionNames: ["expect", "fc.assert", "expect*"] }],
    },
  },
);

/** Imports of plan/, which reach no further up than `outside` says and take no provider. */
function bottomOfTheTree(outside) {
  return {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          { group: ["@pulumi/azure-native*", "@pulumi/kubernetes*", "@pulumi/docker*"], message: "plan/ imports no provider." },
          { regex: "^@pulumi/pulumi$", message: "plan/ takes only types from Pulumi; errors come from @pulumi/pulumi/errors.", allowTypeImports: true },
          { group: [outside, "../stacks/*", "../cli/*"], message: "plan/ is the bottom of the tree." },
        ],
      },
    ],
  };
}

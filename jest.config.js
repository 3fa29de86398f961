/** One configuration for every layer; `npm run test:LAYER` picks the folder. Types are checked before, by `tsc`. */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/tests/**/*.test.ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  setupFiles: ["<rootDir>/tests/support/seed.ts"],
  modulePathIgnorePatterns: ["<rootDir>/dist/"],
  maxWorkers: 2,
};

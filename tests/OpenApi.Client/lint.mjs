// The linter of `redocly lint`, with its strictest rules: warnings are errors. Usage: node lint.mjs DOCUMENT
import { createConfig, formatProblems, getTotals, lint } from "@redocly/openapi-core";

const config = await createConfig({
  extends: ["recommended-strict"],
  rules: {
    "no-invalid-media-type-examples": "error",
    "no-invalid-parameter-examples": "error",
    "no-invalid-schema-examples": "error",
    "operation-operationId-url-safe": "error",
    "operation-description": "error",
    "parameter-description": "error",
    "tag-description": "error",
    "path-declaration-must-exist": "error",
    "paths-kebab-case": "error",
    // The project states no licence.
    "info-license": "off",
    // Health, readiness and the document itself take nothing that could be wrong.
    "operation-4xx-response": "off",
  },
});
const problems = await lint({ ref: process.argv[2], config });
formatProblems(problems, { totals: getTotals(problems), format: "stylish" });
process.exitCode = problems.length > 0 ? 1 : 0;

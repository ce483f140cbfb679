// The field language of AuraOS: parse, compile, evaluate, explain. Pure; the same in server and browser.
// Path: compileTemplate (template.ts) → closures (compile/) → evaluate.ts → result.ts.
// Invariants: no code generation; own properties of plain data only; every limit is counted; inputs never change.
export { LIMITS } from "./limits.ts";
export { ExpressionError, type Problem } from "./problem.ts";
export type { EvaluationScope, Item, Json, NodeView } from "./scope.ts";
export {
  type Suggestion,
  type SuggestionKind,
  type SuggestionTopic,
  suggestions,
  topicOf,
} from "./suggestions.ts";
export {
  type Compiled,
  type CompileOptions,
  compileExpression,
  compileTemplate,
  type Template,
} from "./template.ts";

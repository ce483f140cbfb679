// Statements inside function bodies: const, let, if, return, throw, try. No loops, so every statement
// runs at most once per call and the work of a call is bounded by its size.
import type { BlockStatement, Statement, TryStatement, VariableDeclaration } from "acorn";
import { toText } from "../convert.ts";
import type { Evaluate, Frame } from "../functions.ts";
import { ExpressionError } from "../problem.ts";
import { fail, isLimit, type Run } from "../run.ts";
import { isObject, Opaque, type Value } from "../values.ts";
import { type Compiler, enter, inBlock, leave, siteOf, unsupported } from "./compiler.ts";
import { compileExpression } from "./expression.ts";
import { bindTo, declareNames } from "./pattern.ts";

class GoesOn extends Opaque {
  readonly kind = "goes on";
}
/** A statement gives this unless it returned. */
const GOES_ON: Value = new GoesOn();

type Perform = Evaluate;

/** A value thrown by the expression itself. Carries the error shown when nobody catches it. */
class Thrown extends ExpressionError {
  readonly value: Value;
  constructor(value: Value, shown: ExpressionError) {
    super(shown);
    this.value = value;
  }
}

export function compileBody(c: Compiler, body: BlockStatement): Evaluate {
  const perform = compileList(c, body.body);
  return (frame) => {
    const value = perform(frame);
    return value === GOES_ON ? undefined : value;
  };
}

function compileList(c: Compiler, statements: readonly Statement[]): Perform {
  for (const statement of statements) {
    if (statement.type !== "VariableDeclaration") continue;
    const kind = statement.kind === "const" ? "const" : "let";
    for (const declaration of statement.declarations) declareNames(c, declaration.id, kind);
  }
  const parts = statements.map((statement) => compileStatement(c, statement));
  return (frame) => {
    for (const part of parts) {
      const value = part(frame);
      if (value !== GOES_ON) return value;
    }
    return GOES_ON;
  };
}

function compileStatement(c: Compiler, node: Statement): Perform {
  enter(c, node);
  const perform = dispatch(c, node);
  leave(c);
  return perform;
}

function dispatch(c: Compiler, node: Statement): Perform {
  switch (node.type) {
    case "ReturnStatement":
      return node.argument ? compileExpression(c, node.argument) : () => undefined;
    case "ExpressionStatement": {
      const evaluate = compileExpression(c, node.expression);
      return (frame) => {
        evaluate(frame);
        return GOES_ON;
      };
    }
    case "VariableDeclaration":
      return compileDeclaration(c, node);
    case "IfStatement": {
      const test = compileExpression(c, node.test);
      const yes = inBlock(c, () => compileStatement(c, node.consequent));
      const { alternate } = node;
      const no: Perform = alternate ? inBlock(c, () => compileStatement(c, alternate)) : () => GOES_ON;
      return (frame) => (test(frame) ? yes(frame) : no(frame));
    }
    case "BlockStatement":
      return inBlock(c, () => compileList(c, node.body));
    case "EmptyStatement":
      return () => GOES_ON;
    case "ThrowStatement": {
      const value = compileExpression(c, node.argument);
      const site = siteOf(node, "throw");
      return (frame) => {
        const thrown = value(frame);
        frame.run.site = site;
        throw throwValue(frame.run, thrown);
      };
    }
    case "TryStatement":
      return compileTry(c, node);
    default:
      return unsupported(c, node, nameOfStatement(node.type));
  }
}

function nameOfStatement(type: string): string {
  if (type.startsWith("For") || type.startsWith("While") || type.startsWith("Do")) return "A loop";
  if (type === "ClassDeclaration") return "A class";
  if (type === "FunctionDeclaration") return "A named function";
  return `This statement (${type})`;
}

function compileDeclaration(c: Compiler, node: VariableDeclaration): Perform {
  const kind = node.kind === "const" ? "const" : "let";
  if (node.kind !== "const" && node.kind !== "let" && node.kind !== "var")
    return unsupported(c, node, `"${node.kind}"`);
  const parts = node.declarations.map((declaration) => {
    const value: Evaluate = declaration.init ? compileExpression(c, declaration.init) : () => undefined;
    return { value, bind: bindTo(c, declaration.id, kind) };
  });
  return (frame) => {
    for (const part of parts) part.bind(frame, part.value(frame));
    return GOES_ON;
  };
}

function throwValue(run: Run, value: Value): Thrown {
  const text = isObject(value) && typeof value.message === "string" ? value.message : toText(run, value);
  const shown = fail(run, "THROWN", text.slice(0, 500), "The expression itself reports this.");
  return new Thrown(value, shown);
}

function compileTry(c: Compiler, node: TryStatement): Perform {
  const body = inBlock(c, () => compileList(c, node.block.body));
  const handler = node.handler ? compileHandler(c, node.handler) : null;
  const last = node.finalizer ? compileFinally(c, node.finalizer) : null;
  return (frame) => {
    const { run } = frame;
    const { depth, levels } = run;
    let outcome: { value: Value } | { error: unknown };
    try {
      outcome = { value: body(frame) };
    } catch (error) {
      outcome = { error };
    }
    if ("error" in outcome) {
      if (isLimit(outcome.error)) throw outcome.error;
      run.depth = depth;
      run.levels = levels;
      if (handler !== null) outcome = attempt(frame, handler, caughtValue(outcome.error));
    }
    if ("error" in outcome && isLimit(outcome.error)) throw outcome.error;
    if (last !== null) {
      run.depth = depth;
      run.levels = levels;
      const value = last(frame);
      if (value !== GOES_ON) return value;
    }
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  };
}

function attempt(frame: Frame, handler: (frame: Frame, error: Value) => Value, error: Value) {
  try {
    return { value: handler(frame, error) };
  } catch (next) {
    return { error: next };
  }
}

function compileHandler(
  c: Compiler,
  handler: NonNullable<TryStatement["handler"]>,
): (frame: Frame, error: Value) => Value {
  return inBlock(c, () => {
    const bind = handler.param ? bindTo(c, handler.param, "parameter") : null;
    const body = compileList(c, handler.body.body);
    return (frame, error) => {
      if (bind !== null) bind(frame, error);
      return body(frame);
    };
  });
}

function compileFinally(c: Compiler, block: BlockStatement): Perform {
  return inBlock(c, () => compileList(c, block.body));
}

/** What `catch (error)` sees: the thrown value, or a description of our own error. Never a host error. */
function caughtValue(error: unknown): Value {
  if (error instanceof Thrown) return error.value;
  if (error instanceof ExpressionError) return { name: "Error", message: error.message, code: error.code };
  return undefined;
}

// What makes a text field an expression field: colour for the holes, problems under the character, and completion from
// the data that really flowed and from the language's own list.

import {
  compileTemplate,
  type EvaluationScope,
  type Json,
  type Suggestion,
  type SuggestionTopic,
  suggestions,
  topicOf,
} from "@auraos/expression";
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { type Diagnostic, linter } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";

export type Mode = "strict" | "lenient";
type Said = { code: string; message: string; remedy: string };

export type ExpressionContext = {
  mode: Mode;
  /** Nothing has run yet: then only the language's own names are offered. */
  scope(): EvaluationScope | undefined;
  /** A problem in the reader's language. */
  tell(problem: Said): Said;
  /** Names of the nodes that lead here. */
  names(): readonly string[];
};

export function expressionLanguage(context: ExpressionContext): Extension {
  return [
    holes,
    linter((view) => problemsOf(view.state.doc.toString(), context), { delay: 250 }),
    autocompletion({ override: [(at) => complete(at, context)], icons: false }),
  ];
}

const holeMark = new MatchDecorator({
  regexp: /\{\{.*?(\}\}|$)/g,
  decoration: Decoration.mark({ class: "cm-hole" }),
});

const holes = ViewPlugin.fromClass(
  class {
    marks: DecorationSet;
    constructor(view: EditorView) {
      this.marks = holeMark.createDeco(view);
    }
    update(update: ViewUpdate) {
      this.marks = holeMark.updateDeco(update, this.marks);
    }
  },
  { decorations: (plugin) => plugin.marks },
);

function problemsOf(text: string, { mode, tell }: ExpressionContext): Diagnostic[] {
  if (!text.includes("{{")) return [];
  const compiled = compileTemplate(text, { mode });
  if (compiled.ok) return [];
  return compiled.problems.map(({ start, end, code, message, hint }) => {
    const told = tell({ code, message, remedy: hint });
    return {
      from: Math.min(start, text.length),
      to: Math.min(Math.max(end, start + 1), text.length),
      severity: "error",
      message: `${told.message} ${told.remedy}`,
    };
  });
}

function complete(at: CompletionContext, context: ExpressionContext): CompletionResult | null {
  const before = at.state.sliceDoc(0, at.pos);
  const open = before.lastIndexOf("{{");
  if (open === -1 || before.lastIndexOf("}}") > open) return null;
  const hole = before.slice(open + 2);

  const quoted = /\$\(\s*(['"])([^'"]*)$/.exec(hole);
  if (quoted)
    return result(
      at.pos - (quoted[2] ?? "").length,
      context.names().map((name) => ({ label: name, type: "node" })),
    );

  const member =
    /((?:\$?[\w$]+|\$\((?:'[^']*'|"[^"]*")\))(?:\.\w+|\[(?:\d+|'[^']*'|"[^"]*")\]|\((?:[^()]*)\))*)\??\.(\w*)$/.exec(
      hole,
    );
  if (member) {
    const [, base = "", word = ""] = member;
    return result(at.pos - word.length, membersOf(base, context));
  }
  const word = /[$\w]*$/.exec(hole)?.[0] ?? "";
  if (word === "" && !at.explicit && hole.trim() !== "") return null;
  return result(at.pos - word.length, suggestions("names").map(asCompletion));
}

function membersOf(base: string, context: ExpressionContext): Completion[] {
  if (/^\$\((?:'[^']*'|"[^"]*")\)$/.test(base)) return suggestions("items").map(asCompletion);
  const value = evaluated(base, context);
  const topic: SuggestionTopic | undefined = /^(\$input|\$now|\$today|[A-Z]\w*)$/.test(base)
    ? { of: base }
    : topicOf(value);
  const fields =
    typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  return [
    ...fields
      .filter(([name]) => /^[A-Za-z_$][\w$]*$/.test(name))
      .map(([name, one]): Completion => ({ label: name, detail: excerpt(one), type: "property", boost: 50 })),
    ...(topic === undefined ? [] : suggestions(topic).map(asCompletion)),
  ];
}

function evaluated(expression: string, { mode, scope }: ExpressionContext): Json | undefined {
  const known = scope();
  const compiled = known && compileTemplate(`{{ ${expression} }}`, { mode });
  if (!known || !compiled?.ok) return undefined;
  try {
    return compiled.template.evaluate(known);
  } catch {
    return undefined;
  }
}

function asCompletion({ kind, name, signature, doc }: Suggestion): Completion {
  const isCall = kind === "method" || name === "$";
  const apply = name === "$" ? "$('" : isCall ? `${name}(` : name;
  return {
    label: name,
    detail: signature === name ? "" : signature,
    info: doc,
    type: kind,
    ...(isCall ? { apply } : {}),
  };
}

function result(from: number, options: Completion[]): CompletionResult | null {
  return options.length === 0 ? null : { from, options, validFor: /^[$\w ]*$/ };
}

function excerpt(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? "";
  return text.length > 32 ? `${text.slice(0, 31)}…` : text;
}

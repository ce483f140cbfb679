// Tags as chips before a field: Enter or a comma makes one of what was typed, Backspace in the empty field takes the last.
import { X } from "lucide-react";
import { type KeyboardEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FieldIds } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";

const TAGS_MAX = 20;
const TAG_MAX = 50;

type TagsInputProps = FieldIds & {
  value: readonly string[];
  onChange(tags: string[]): void;
  /** Proposed. */
  known: readonly string[];
};

export function TagsInput({ value, onChange, known, ...ids }: TagsInputProps) {
  const { t } = useTranslation("workflows");
  const listId = useId();
  const [text, setText] = useState("");
  const has = (tag: string) => value.some((one) => one.toLowerCase() === tag.toLowerCase());
  const add = (typed: string) => {
    setText("");
    const tag = typed.trim();
    // Spelled as others do.
    const spelled = known.find((one) => one.toLowerCase() === tag.toLowerCase()) ?? tag;
    if (tag !== "" && !has(tag)) onChange([...value, spelled].slice(0, TAGS_MAX));
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && text.trim() !== "") {
      event.preventDefault();
      add(text);
    }
    if (event.key === "Backspace" && text === "") onChange(value.slice(0, -1));
  };
  return (
    <div className="grid gap-2">
      {value.length > 0 && (
        <ul className="flex flex-wrap gap-1.5">
          {value.map((tag) => (
            <li
              key={tag}
              className="flex h-6 max-w-full items-center rounded-md bg-sunken ps-2 text-xs pointer-coarse:h-9"
            >
              <span dir="auto" className="truncate">
                {tag}
              </span>
              <button
                type="button"
                aria-label={t("filing.removeTag", { tag })}
                onClick={() => onChange(value.filter((one) => one !== tag))}
                className="grid size-6 shrink-0 place-items-center rounded-md text-muted hover:text-text pointer-coarse:size-9"
              >
                <X aria-hidden className="size-3.5" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Input
        {...ids}
        dir="auto"
        list={listId}
        maxLength={TAG_MAX}
        value={text}
        disabled={value.length >= TAGS_MAX}
        onKeyDown={pressed}
        onBlur={() => add(text)}
        onChange={({ target }) =>
          /[,،]/.test(target.value) ? add(target.value.replace(/[,،].*/, "")) : setText(target.value)
        }
      />
      <datalist id={listId}>
        {known
          .filter((tag) => !has(tag))
          .map((tag) => (
            <option key={tag} value={tag} />
          ))}
      </datalist>
    </div>
  );
}

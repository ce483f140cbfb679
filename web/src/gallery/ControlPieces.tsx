// Buttons and fields in every state.
import { Copy, LayoutGrid, List, Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button.tsx";
import { Checkbox } from "../ui/Checkbox.tsx";
import { Field } from "../ui/Field.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { Input } from "../ui/Input.tsx";
import { KeyHint } from "../ui/KeyHint.tsx";
import { SearchInput } from "../ui/SearchInput.tsx";
import { SearchSelect } from "../ui/SearchSelect.tsx";
import { SegmentedControl } from "../ui/SegmentedControl.tsx";
import { Select } from "../ui/Select.tsx";
import { Switch } from "../ui/Switch.tsx";
import { Tabs } from "../ui/Tabs.tsx";
import { Textarea } from "../ui/Textarea.tsx";
import { Piece, Pieces } from "./Piece.tsx";

const tones = ["primary", "normal", "quiet", "danger"] as const;

export function ControlPieces() {
  const { t } = useTranslation("gallery");
  return (
    <Pieces title={t("controls")}>
      <Piece name="Button">
        {tones.map((tone) => (
          <Button key={tone} tone={tone}>
            <Play aria-hidden className="size-4" />
            {t("action")}
          </Button>
        ))}
        <Button size="small">{t("action")}</Button>
        <Button busy>{t("action")}</Button>
        <Button disabled>{t("action")}</Button>
      </Piece>
      <Piece name="IconButton">
        <IconButton icon={Copy} label={t("action")} hint="Mod+C" />
        <IconButton icon={List} label={t("action")} pressed />
        <IconButton icon={Trash2} label={t("action")} disabled />
        <IconButton icon={Copy} label={t("action")} size="small" />
      </Piece>
      <Piece name="Field, Input">
        <div className="grid w-full max-w-2xl gap-4 sm:grid-cols-2">
          <Field label={t("label")} help={t("help")} aside={t("optional")}>
            {(ids) => <Input {...ids} placeholder={t("sample")} />}
          </Field>
          <Field label={t("label")} error={t("error")}>
            {(ids) => <Input {...ids} defaultValue={t("sample")} />}
          </Field>
          <Field label={t("label")}>{(ids) => <Input {...ids} disabled defaultValue={t("sample")} />}</Field>
          <Field label={t("label")}>
            {(ids) => <Textarea {...ids} mono rows={2} defaultValue='{ "a": 1 }' />}
          </Field>
        </div>
      </Piece>
      <ChoicePieces />
      <Piece name="KeyHint">
        <KeyHint keys="Mod+K" />
        <KeyHint keys="g+w" />
        <KeyHint keys="?" />
      </Piece>
    </Pieces>
  );
}

function ChoicePieces() {
  const { t } = useTranslation("gallery");
  const [text, setText] = useState("");
  const [one, setOne] = useState("a");
  const [isOn, setIsOn] = useState(true);
  const options = ["a", "b", "c"].map((value) => ({ value, label: `${t("option")} ${value}` }));
  return (
    <>
      <Piece name="SearchInput">
        <SearchInput label={t("search")} value={text} onChange={setText} className="w-64" />
      </Piece>
      <Piece name="Select">
        <Select aria-label={t("label")} options={options} value={one} onChange={setOne} className="w-48" />
        <Select
          aria-label={t("label")}
          options={options}
          value=""
          onChange={setOne}
          placeholder={t("option")}
          className="w-48"
        />
      </Piece>
      <Piece name="SearchSelect">
        <div className="w-48">
          <SearchSelect
            aria-label={t("label")}
            value={one}
            onChange={setOne}
            search={text}
            onSearch={setText}
            found={options.filter(({ label }) => label.includes(text))}
            hasMore
            chosen={options.find(({ value }) => value === one)?.label}
            placeholder={t("option")}
          />
        </div>
      </Piece>
      <Piece name="Checkbox, Switch">
        <Checkbox label={t("label")} help={t("help")} checked={isOn} onChange={setIsOn} />
        <Checkbox label={t("label")} checked="indeterminate" onChange={setIsOn} />
        <Switch label={t("label")} checked={isOn} onChange={setIsOn} />
        <Switch label={t("label")} checked={!isOn} onChange={(next) => setIsOn(!next)} />
      </Piece>
      <Piece name="SegmentedControl">
        <SegmentedControl
          label={t("label")}
          segments={[
            { value: "a", label: t("option"), icon: List },
            { value: "b", label: t("action"), icon: LayoutGrid },
          ]}
          value={one === "b" ? "b" : "a"}
          onChange={setOne}
        />
      </Piece>
      <Piece name="Tabs">
        <Tabs
          label={t("label")}
          tabs={options.map(({ value, label }) => ({ value, label, content: label }))}
          value={one}
          onChange={setOne}
          className="w-full"
        />
      </Piece>
    </>
  );
}

// A sentence of the server, in place: in the reader's language when the app has it, else as it came, with its direction.
import type { Part } from "./spoken.ts";
import { useSaid } from "./useSaid.ts";

type SaidProps = { text: string; parts: readonly Part[] | null | undefined };

export function Said({ text, parts }: SaidProps) {
  const said = useSaid()(text, parts);
  if (said.isTranslated) return said.text;
  // With parts it is the server's English; without, nobody knows whose words these are.
  return parts ? <bdi lang="en">{said.text}</bdi> : <bdi>{said.text}</bdi>;
}

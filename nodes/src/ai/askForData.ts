// Asks a model for data of a form. An answer that does not fit goes back with its mistakes, a bounded number of times.
import type { Json } from "@auraos/kernel";
import { cutOff } from "./failure.ts";
import { answerInvalid, askAgain, checkAnswer, type Form, formatOf, withForm } from "./form.ts";
import type { ModelConfig } from "./modelFields.ts";
import type { Answer, Message, Model } from "./openModel.ts";

type Told = { data: Json; answer: Answer; repaired: boolean };

export function askForData(
  model: Model,
  config: ModelConfig,
  form: Form,
  { instructions, text }: { instructions: string; text: string },
): Promise<Told> {
  // One system message, because the templates of many models know no second.
  const messages: Message[] = [
    { role: "system", content: withForm(instructions, form) ?? instructions },
    { role: "user", content: text },
  ];
  return askInForm(model, config, { form, messages, repairsMax: 1 });
}

/** `messages` ask for the form in words already, where that is wanted. */
export async function askInForm(
  model: Model,
  config: ModelConfig,
  { form, messages, repairsMax }: { form: Form; messages: readonly Message[]; repairsMax: number },
): Promise<Told> {
  const asked = [...messages];
  const format = formatOf(form);
  for (let repairs = 0; ; repairs += 1) {
    const answer = await model.ask({ messages: asked, ...(format ? { format } : {}) });
    if (answer.finishReason === "length") throw cutOff(config);
    const { data, mistakes } = checkAnswer(form, answer.text);
    if (mistakes.length === 0) return { data, answer, repaired: repairs > 0 };
    if (repairs >= repairsMax) throw answerInvalid(answer.text, mistakes, repairs);
    asked.push(...askAgain(answer.text, mistakes));
  }
}

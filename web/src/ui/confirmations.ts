// Asks before something that cannot be taken back:
//   if (await confirm({ title, description, action })) ...
// <Confirmations> shows the question; one at a time.
export type Question = {
  title: string;
  description?: string;
  /** What happens, as the button says it: "Delete", never "OK". */
  action: string;
  danger?: boolean;
};

type Open = Question & { answer(isConfirmed: boolean): void };

const listeners = new Set<() => void>();
let open: Open | null = null;

export function confirm(question: Question): Promise<boolean> {
  open?.answer(false);
  return new Promise((resolve) => {
    set({
      ...question,
      answer: (isConfirmed) => {
        set(null);
        resolve(isConfirmed);
      },
    });
  });
}

export function openQuestion(): Open | null {
  return open;
}

export function onQuestionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(next: Open | null): void {
  open = next;
  for (const listener of listeners) listener();
}

// Node types in the reader's language. The server describes them in English; an installed type that this app does not know
// keeps those words.
type Described = { type: string; name: string; description: string };
export type Words = { name: string; description: string };

/** `englishName` is there when `name` is in another language: whoever knows a type by it finds it. */
export function inWords<View extends Described>(
  views: readonly View[],
  wordsOf: (type: string) => Words | undefined,
): (View & { englishName?: string })[] {
  return views.map((view) => {
    const words = wordsOf(view.type);
    return words ? { ...view, ...words, englishName: view.name } : view;
  });
}

// Notes on the canvas.
import type { Graph, Point, StickyNote } from "./graph.ts";

export function addNote(graph: Graph, position: Point, text = ""): Graph {
  const notes = graph.notes ?? [];
  const taken = new Set(notes.map((note) => note.id));
  let count = notes.length + 1;
  while (taken.has(`note-${count}`)) count++;
  const place = { x: Math.round(position.x), y: Math.round(position.y) };
  return {
    ...graph,
    notes: [...notes, { id: `note-${count}`, text, position: place, width: 224, height: 112 }],
  };
}

export function setNote(graph: Graph, id: string, fields: Partial<Omit<StickyNote, "id">>): Graph {
  return {
    ...graph,
    notes: (graph.notes ?? []).map((note) => (note.id === id ? { ...note, ...fields } : note)),
  };
}

export function removeNotes(graph: Graph, ids: ReadonlySet<string>): Graph {
  const notes = (graph.notes ?? []).filter((note) => !ids.has(note.id));
  if (notes.length === (graph.notes ?? []).length) return graph;
  const { notes: _, ...rest } = graph;
  return notes.length === 0 ? rest : { ...graph, notes };
}

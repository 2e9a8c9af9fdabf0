import type { Schemas } from '@/api/client';

export type Word = Schemas['WordTiming'];
export interface Line { startSeconds: number; endSeconds: number; words: Word[] }

const longest = 8;
const pause = 1.2;

/** Words in lines: a pause, a comma's end or eight words begin a new one. */
export function linesOf(words: Word[]): Line[] {
  const lines: Line[] = [];
  for (const word of words) {
    const start = word.startSeconds ?? 0;
    const line = lines.at(-1);
    const last = line?.words.at(-1);
    if (!line || !last || start - line.endSeconds > pause || line.words.length >= longest || /[.,;!?]$/.test(last.word ?? '')) lines.push({ startSeconds: start, endSeconds: word.endSeconds ?? start, words: [word] });
    else {
      line.words.push(word);
      line.endSeconds = word.endSeconds ?? start;
    }
  }
  return lines;
}

/** The line that is sung at a second; the last one before it between two. −1 before the first. */
export const lineAt = (lines: Line[], seconds: number) => lines.findLastIndex(line => line.startSeconds <= seconds);

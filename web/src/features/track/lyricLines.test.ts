import { expect, it } from 'vitest';
import { lineAt, linesOf } from './lyricLines';
import { thin } from './WaveformSeek';

const word = (text: string, startSeconds: number) => ({ word: text, startSeconds, endSeconds: startSeconds + 0.5 });
const lines = linesOf([word('slow', 0), word('night,', 0.6), word('hear', 1.2), word('me', 5)]);

it('begins a line after a comma and after a pause', () => expect(lines.map(line => line.words.map(one => one.word).join(' '))).toEqual(['slow night,', 'hear', 'me']));
it.each([[-1, -1], [0.7, 0], [3, 1], [9, 2]])('at second %d line %i is sung', (seconds, line) => expect(lineAt(lines, seconds)).toBe(line));
it('keeps the highest point of each group of a waveform', () => expect(thin([1, 9, 2, 3], 2)).toEqual([9, 3]));

import { expect, it } from 'vitest';
import { pieces } from './pieces';

it('cuts a long list into what one request takes', () => expect(pieces(Array.from({ length: 250 }, (_, i) => i)).map(piece => piece.length)).toEqual([100, 100, 50]));
it('makes no request for nothing', () => expect(pieces([])).toEqual([]));

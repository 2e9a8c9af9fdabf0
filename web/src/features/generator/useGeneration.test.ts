import { expect, it } from 'vitest';
import { keyFor } from './useGeneration';

const sent = { key: 'k1', body: { prompt: 'rain' }, at: 0 };

it('keeps the key for a retry of the same words', () => expect(keyFor({ prompt: 'rain' }, sent)).toBe('k1'));
it('takes a new key after an edit', () => expect(keyFor({ prompt: 'rain and wind' }, sent)).not.toBe('k1'));
it('takes a new key for the first try', () => expect(keyFor({ prompt: 'rain' }, null)).toMatch(/^[0-9a-f-]{36}$/));

import { expect, it } from 'vitest';
import { coverAt } from './bits';

it.each([
  ['/c', '/c?size=96'],
  ['/c?size=320', '/c?size=96'],
  ['/c?size=320&sig=x', '/c?sig=x&size=96'],
  ['/c?format=webp&sig=x', '/c?format=webp&sig=x&size=96'],
])('a cover at %s is asked for in the width that its place needs', (src, asked) => expect(coverAt(src, 96)).toBe(asked));

import { expect, it } from 'vitest';
import { EventParser } from './parse';

it('puts an event together from pieces', () => {
  const parser = new EventParser();
  expect(parser.push('id: 7\nevent: rend')).toEqual([]);
  expect(parser.push('ering\ndata: {"percent":40}\n\n: beat\n\n')).toEqual([{ id: '7', event: 'rendering', data: { percent: 40 } }]);
});

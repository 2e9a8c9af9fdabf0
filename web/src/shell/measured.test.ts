import { expect, it } from 'vitest';
import { pageOf } from './measured';

it.each([['/', 'home'], ['/t/01a2', 'track'], ['/u/ana', 'profile'], ['/pool/ranking', 'pool'], ['/challenges/01a2', 'challenge'], ['/settings/security', 'settings'], ['/ops/overview', undefined], ['/nothing', undefined]])(
  'names the page of %s and nothing else of it', (path, name) => expect(pageOf(path)).toBe(name));

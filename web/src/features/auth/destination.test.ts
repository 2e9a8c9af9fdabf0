import { expect, it } from 'vitest';
import { destination } from './destination';

it.each([['/create?x=1', '/create?x=1'], ['//evil.example', '/'], ['/\\evil.example', '/'], ['https://evil.example', '/'], [null, '/']])('after signing in with to=%s one comes to %s', (to, place) => expect(destination(to)).toBe(place));

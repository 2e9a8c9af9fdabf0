import { describe, expect, it, vi } from 'vitest';

vi.stubGlobal('BroadcastChannel', class { postMessage() {} });
const { belongsTo, shortcutOf } = await import('./keys');

const element = (html: string) => {
  document.body.innerHTML = html;
  return document.querySelector('[data-here]')!;
};

describe('keys', () => {
  it.each([[' ', false, 'play'], ['K', false, 'play'], ['ArrowRight', true, 'next'], ['ArrowRight', false, 'on5'], ['?', true, 'help']])('%s (shift %s) does %s', (key, shift, text) => expect(shortcutOf({ key, shift }, true)?.text).toBe(text));
  it('leaves single letters alone when they are switched off', () => {
    expect(shortcutOf({ key: 'm', shift: false }, false)).toBeUndefined();
    expect(shortcutOf({ key: ' ', shift: false }, false)?.text).toBe('play');
  });
  it('does not pause by a space in the search box', () => expect(belongsTo(element('<input data-here>'), ' ')).toBe(true));
  it('leaves a space to the button that has the focus', () => expect(belongsTo(element('<button data-here></button>'), ' ')).toBe(true));
  it('leaves everything to an open dialog', () => expect(belongsTo(element('<div role="dialog"><p data-here></p></div>'), 'm')).toBe(true));
  it('leaves arrows to tabs', () => expect(belongsTo(element('<div role="tablist"><button data-here></button></div>'), 'ArrowRight')).toBe(true));
  it('hears a press on the page', () => expect(belongsTo(element('<main data-here></main>'), ' ')).toBe(false));
});

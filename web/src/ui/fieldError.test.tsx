import { renderHook } from '@testing-library/react';
import type { PropsWithChildren } from 'react';
import { I18nextProvider } from 'react-i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '@/api/problem';
import { i18n, loadErrorTexts, startTexts } from '@/texts/i18n';
import { useFieldError, useProblemText } from './states';

const refusal = new ApiError({
  type: 'https://son1kvers3.dev/problems/validation', title: 'Validation', status: 400,
  errors: { username: ['3 to 30 letters.'], colour: ['One of red, blue.'] }, reasons: { username: { code: 'username', min: 3, max: 30 } },
});
const wrapper = ({ children }: PropsWithChildren) => <I18nextProvider i18n={i18n}>{children}</I18nextProvider>;

describe('the error of a field', () => {
  beforeAll(async () => {
    await startTexts();
    await i18n.changeLanguage('es');
    await loadErrorTexts();
  });

  it('is said in the language of the reader, with its numbers', () =>
    expect(renderHook(() => useFieldError()(refusal, 'username'), { wrapper }).result.current).toMatch(/^De 3 a 30 letras/));

  it('is the sentence of the service where it gives no reason', () =>
    expect(renderHook(() => useFieldError()(refusal, 'colour'), { wrapper }).result.current).toBe('One of red, blue.'));

  it('is the hint of a form that marks no fields', () =>
    expect(renderHook(() => useProblemText()(refusal), { wrapper }).result.current.hint).toMatch(/^De 3 a 30 letras.* One of red, blue\.$/));
});

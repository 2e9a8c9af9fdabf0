import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', 'src/api/schema.d.ts'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      // Every word a reader sees is in src/texts: letters in JSX are a text that was forgotten.
      'no-restricted-syntax': ['error', { selector: 'JSXElement > JSXText[value=/[A-Za-zÁ-ú]{2}/]', message: 'Texts belong in src/texts/{en,es}.' }],
    },
  },
);

import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { I18nextProvider } from 'react-i18next';
import { createBrowserRouter, RouterProvider } from 'react-router';
import { queryClient } from '@/api/query';
import { pages } from '@/routes';
import { i18n } from '@/texts/i18n';
import { Frame } from './Frame';
import { Guard } from './Guard';
import { NotFound } from './NotFound';
import { PageError } from './PageError';

export const router = createBrowserRouter([
  {
    element: <Frame />,
    errorElement: <main><PageError /></main>,
    children: [
      ...pages.map(({ path, page: { Component }, access }) => ({ path, element: <Guard access={access}><Component /></Guard>, errorElement: <PageError /> })),
      { path: '*', element: <NotFound /> },
    ],
  },
]);

export const App = () => (
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <I18nextProvider i18n={i18n}>
        <RouterProvider router={router} />
      </I18nextProvider>
    </QueryClientProvider>
  </StrictMode>
);

import { createBrowserRouter, RouterProvider } from 'react-router';
import { pages } from '@/routes';
import { Frame } from './Frame';
import { Guard } from './Guard';
import { NotFound } from './NotFound';
import { PageError } from './PageError';

const router = createBrowserRouter([
  {
    element: <Frame />,
    errorElement: <main><PageError /></main>,
    children: [
      ...pages.map(({ path, page: { Component }, access }) => ({ path, element: <Guard access={access}><Component /></Guard>, errorElement: <PageError /> })),
      { path: '*', element: <NotFound /> },
    ],
  },
]);

export const App = () => <RouterProvider router={router} />;

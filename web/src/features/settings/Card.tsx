import { useId, type ReactNode } from 'react';

/** One settable thing with its heading. */
export function Card({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="card flex flex-col gap-4 p-5">
      <header><h2 id={id} className="text-lg font-bold">{title}</h2>{hint && <p className="mt-1 text-sm text-muted">{hint}</p>}</header>
      {children}
    </section>
  );
}

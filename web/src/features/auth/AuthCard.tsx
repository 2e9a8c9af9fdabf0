import type { ReactNode } from 'react';
import { Logo } from '@/shell/Logo';

/** The narrow card that signing in happens on. */
export function AuthCard({ title, lead, children, after }: { title: string; lead?: string; children: ReactNode; after?: ReactNode }) {
  return (
    <div className="page flex justify-center pt-[6vh]">
      <div className="card flex w-full max-w-md flex-col gap-5 p-6 sm:p-8">
        <Logo />
        <div className="flex flex-col gap-1">
          <h1 className="text-2xl font-bold">{title}</h1>
          {lead && <p className="text-sm text-muted">{lead}</p>}
        </div>
        {children}
        {after && <div className="border-t border-line pt-4 text-sm text-muted">{after}</div>}
      </div>
    </div>
  );
}

export const authLink = 'inline-flex min-h-11 items-center font-semibold text-cyan hover:underline';

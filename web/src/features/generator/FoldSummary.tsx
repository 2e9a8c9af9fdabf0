import { ChevronDown } from 'lucide-react';

/** The head of a `<details className="group">`: what is in it, and in a word its state. */
export const FoldSummary = ({ title, hint }: { title: string; hint: string }) => (
  <summary className="-mx-2 flex min-h-11 list-none items-center gap-3 rounded-xl px-2 py-1 hover:bg-raised/60 [&::-webkit-details-marker]:hidden">
    <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-2">
      <span className="text-sm font-semibold">{title}</span>
      <span className="text-xs text-muted">{hint}</span>
    </span>
    <ChevronDown aria-hidden className="size-5 shrink-0 text-muted transition-transform group-open:rotate-180" />
  </summary>
);

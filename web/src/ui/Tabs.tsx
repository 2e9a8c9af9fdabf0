import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { useActiveInView } from './useActiveInView';

export interface Tab { value: string; label: string; content: ReactNode }

/** `value` belongs in the URL: `const [params, setParams] = useSearchParams()`. */
export function Tabs({ label, tabs, value, onChange }: { label: string; tabs: Tab[]; value: string; onChange: (value: string) => void }) {
  const row = useActiveInView<HTMLDivElement>(value);
  return (
    <Radix.Root value={value} onValueChange={onChange}>
      <Radix.List ref={row} aria-label={label} className="flex gap-1 overflow-x-auto border-b border-line">
        {tabs.map(tab => (
          <Radix.Trigger key={tab.value} value={tab.value} className="min-h-11 shrink-0 border-b-2 border-transparent px-4 text-sm font-bold text-muted hover:text-text data-[state=active]:border-cyan data-[state=active]:text-text">
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map(tab => <Radix.Content key={tab.value} value={tab.value} className="pt-5 outline-none">{tab.content}</Radix.Content>)}
    </Radix.Root>
  );
}

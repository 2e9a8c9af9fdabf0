import { EllipsisVertical, type LucideIcon } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactElement } from 'react';
import { IconButton } from './Button';
import { cx } from './cx';

export interface MenuItem { label: string; icon?: LucideIcon; onSelect: () => void; danger?: boolean; disabled?: boolean; hidden?: boolean }

/** `trigger` replaces the three dots; it must be one button. */
export function Menu({ label, items, trigger }: { label: string; items: MenuItem[]; trigger?: ReactElement }) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger ?? <IconButton icon={EllipsisVertical} label={label} />}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content align="end" sideOffset={4} collisionPadding={8} className="z-50 min-w-48 rounded-xl border border-line bg-raised p-1 shadow-2xl">
          {items.filter(item => !item.hidden).map(({ label, icon: Icon, onSelect, danger, disabled }) => (
            <Radix.Item key={label} onSelect={onSelect} disabled={disabled} className={cx('flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 text-sm outline-none data-[highlighted]:bg-line data-[disabled]:opacity-50', danger && 'text-danger')}>
              {Icon && <Icon aria-hidden className="size-4" />}
              {label}
            </Radix.Item>
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactElement } from 'react';
import { cx } from './cx';
import type { MenuItem } from './Menu';

/** The open menu: places itself, takes the focus, is walked with arrows and letters. */
export default function RadixMenu({ items, trigger }: { items: MenuItem[]; trigger: ReactElement }) {
  return (
    <Radix.Root modal={false} defaultOpen>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
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

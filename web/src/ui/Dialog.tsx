import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from './cx';

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: string;
  /** `sheet` comes from below on phones and stands at the right on wide screens. */
  shape?: 'dialog' | 'sheet';
  children: ReactNode;
}

const shapes = {
  dialog: 'left-1/2 top-1/2 w-[min(32rem,calc(100vw-2rem))] max-h-[85dvh] -translate-x-1/2 -translate-y-1/2 rounded-2xl',
  sheet: 'inset-x-0 bottom-0 max-h-[92dvh] rounded-t-2xl sm:inset-y-0 sm:left-auto sm:right-0 sm:max-h-none sm:w-[26rem] sm:rounded-none sm:rounded-l-2xl',
};

export function Dialog({ open, onOpenChange, title, description, shape = 'dialog', children }: Props) {
  const { t } = useTranslation();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 bg-black/70" />
        <Radix.Content {...(!description && { 'aria-describedby': undefined })} className={cx('fixed z-50 flex flex-col gap-4 overflow-y-auto border border-line bg-surface p-5 shadow-2xl', shapes[shape])}>
          <header className="flex items-start justify-between gap-3">
            <Radix.Title className="pt-2 text-lg font-bold">{title}</Radix.Title>
            <Radix.Close aria-label={t('close')} className="grid size-11 shrink-0 place-items-center rounded-full hover:bg-raised"><X aria-hidden className="size-5" /></Radix.Close>
          </header>
          {description && <Radix.Description className="text-sm text-muted">{description}</Radix.Description>}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

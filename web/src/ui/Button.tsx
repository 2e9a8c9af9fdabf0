import { LoaderCircle, type LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Link, type LinkProps } from 'react-router';
import { cx } from './cx';

type Look = 'primary' | 'secondary' | 'quiet' | 'danger';

const looks: Record<Look, string> = {
  primary: 'bg-accent text-on-accent hover:brightness-110',
  secondary: 'bg-raised text-text border border-line hover:border-muted',
  quiet: 'text-text hover:bg-raised',
  danger: 'border border-danger/60 text-danger hover:bg-danger/10',
};

const shape = 'inline-flex min-h-11 items-center justify-center gap-2 rounded-full px-5 py-2 text-sm font-bold text-center transition-[filter,background-color,border-color] disabled:opacity-50 disabled:cursor-not-allowed aria-disabled:opacity-50';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  icon?: LucideIcon;
  /** Work is going on: the button stays in place, says so, and takes no second click. */
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ look = 'secondary', icon: Icon, busy, className, children, disabled, type = 'button', ...rest }: ButtonProps) {
  return (
    <button type={type} disabled={disabled || busy} aria-busy={busy || undefined} className={cx(shape, looks[look], className)} {...rest}>
      {busy ? <LoaderCircle aria-hidden className="size-4 animate-spin" /> : Icon && <Icon aria-hidden className="size-4 shrink-0" />}
      {children}
    </button>
  );
}

export function ButtonLink({ look = 'secondary', icon: Icon, className, children, ...rest }: LinkProps & { look?: Look; icon?: LucideIcon; children: ReactNode }) {
  return (
    <Link className={cx(shape, looks[look], className)} {...rest}>
      {Icon && <Icon aria-hidden className="size-4 shrink-0" />}
      {children}
    </Link>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon: LucideIcon;
  /** What the button does, spoken and shown as its tooltip. */
  label: string;
  active?: boolean;
  filled?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ icon: Icon, label, active, filled, className, type = 'button', ...rest }: IconButtonProps) {
  return (
    <button
      type={type} aria-label={label} title={label} aria-pressed={active}
      className={cx('inline-grid size-11 shrink-0 place-items-center rounded-full transition-colors hover:bg-raised disabled:opacity-40', active ? 'text-cyan' : 'text-text', className)}
      {...rest}
    >
      <Icon aria-hidden className={cx('size-5', filled && 'fill-current')} />
    </button>
  );
}

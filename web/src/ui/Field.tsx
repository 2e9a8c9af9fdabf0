import { useId, type InputHTMLAttributes, type ReactNode, type Ref, type SelectHTMLAttributes, type TextareaHTMLAttributes } from 'react';
import { cx } from './cx';

interface Around {
  label: string;
  hint?: ReactNode;
  /** The first is shown; comes from a problem's `errors` or from the page's own check. */
  error?: string | string[];
  /** Only for screen readers, where the place makes the label plain to the eye. */
  hideLabel?: boolean;
}

const box = 'w-full min-h-11 rounded-xl border bg-bg px-3.5 py-2.5 text-base text-text placeholder:text-muted/80 sm:text-sm';

function Frame({ id, label, hint, error, hideLabel, className, children }: Around & { id: string; className?: string; children: ReactNode }) {
  const message = Array.isArray(error) ? error[0] : error;
  return (
    <div className={cx('flex flex-col gap-1.5', className)}>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'text-sm font-semibold'}>{label}</label>
      {children}
      {hint && <div id={`${id}-hint`} className="text-xs text-muted">{hint}</div>}
      {message && <p id={`${id}-error`} role="alert" className="text-xs font-semibold text-danger">{message}</p>}
    </div>
  );
}

const described = (id: string, { hint, error }: Pick<Around, 'hint' | 'error'>) => ({
  id,
  'aria-invalid': error ? true : undefined,
  'aria-describedby': [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined,
});

const edge = (error: unknown) => (error ? 'border-danger' : 'border-line hover:border-muted/60');

export function Field({ label, hint, error, hideLabel, className, ...rest }: Around & InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> }) {
  const id = useId();
  return (
    <Frame {...{ id, label, hint, error, hideLabel, className }}>
      <input className={cx(box, edge(error))} {...described(id, { hint, error })} {...rest} />
    </Frame>
  );
}

export function TextArea({ label, hint, error, hideLabel, className, ...rest }: Around & TextareaHTMLAttributes<HTMLTextAreaElement> & { ref?: Ref<HTMLTextAreaElement> }) {
  const id = useId();
  return (
    <Frame {...{ id, label, hint, error, hideLabel, className }}>
      <textarea className={cx(box, 'min-h-24 resize-y leading-relaxed', edge(error))} {...described(id, { hint, error })} {...rest} />
    </Frame>
  );
}

/** The browser's own select: best on phones, and with a keyboard. */
export function Select({ label, hint, error, hideLabel, className, children, ...rest }: Around & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId();
  return (
    <Frame {...{ id, label, hint, error, hideLabel, className }}>
      <select className={cx(box, 'pr-8 text-ellipsis', edge(error))} {...described(id, { hint, error })} {...rest}>{children}</select>
    </Frame>
  );
}

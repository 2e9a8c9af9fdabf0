import { X } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';

interface Message { text: string; action?: { label: string; run: () => void }; seconds?: number }

const useToast = create<{ message: Message | null }>(() => ({ message: null }));

/** One message at most: the newest takes the place of the last. */
export const toast = (text: string, rest: Omit<Message, 'text'> = {}) => useToast.setState({ message: { text, ...rest } });

const close = () => useToast.setState({ message: null });

export function Toaster() {
  const { t } = useTranslation();
  const message = useToast(state => state.message);
  useEffect(() => {
    if (!message) return;
    const timer = setTimeout(close, (message.seconds ?? 6) * 1000);
    return () => clearTimeout(timer);
  }, [message]);
  return (
    <div role="status" aria-live="polite" className="pointer-events-none fixed inset-x-0 bottom-[calc(var(--player)+var(--tabs)+0.75rem)] z-[60] flex justify-center px-4">
      {message && (
        <div className="rise pointer-events-auto flex max-w-lg items-center gap-3 rounded-2xl border border-line bg-raised py-1 pl-4 pr-1 text-sm shadow-2xl">
          <span className="py-2">{message.text}</span>
          {message.action && <button type="button" className="min-h-11 px-2 font-bold text-cyan" onClick={() => { message.action?.run(); close(); }}>{message.action.label}</button>}
          <button type="button" aria-label={t('close')} className="grid size-11 place-items-center rounded-full hover:bg-line" onClick={close}><X aria-hidden className="size-4" /></button>
        </div>
      )}
    </div>
  );
}

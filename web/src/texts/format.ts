import { i18n } from './i18n';

const locale = () => (i18n.language === 'es' ? 'es' : 'en');

export const number = (value: number, options?: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale(), options).format(value);
export const money = (cents: number, currency = 'usd') => number(cents / 100, { style: 'currency', currency: currency.toUpperCase() });
export const percent = (share: number) => number(share, { style: 'percent', maximumFractionDigits: 0 });
export const dateTime = (at: string | Date, options: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' }) =>
  new Intl.DateTimeFormat(locale(), options).format(new Date(at));
/** A time of day where the reader is: "18:00". */
export const clock = (at: string | Date) => dateTime(at, { hour: '2-digit', minute: '2-digit' });

const units: [Intl.RelativeTimeFormatUnit, number][] = [['year', 31_536_000], ['month', 2_592_000], ['week', 604_800], ['day', 86_400], ['hour', 3600], ['minute', 60]];

export function relative(at: string | Date, now = Date.now()): string {
  const seconds = Math.round((new Date(at).getTime() - now) / 1000);
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(Math.trunc(seconds / (size as number)), unit as Intl.RelativeTimeFormatUnit);
}

export function bytes(value: number): string {
  const scale = [['gigabyte', 1e9], ['megabyte', 1e6], ['kilobyte', 1e3]] as const;
  const [unit, size] = scale.find(([, size]) => value >= size) ?? ['byte', 1];
  return number(value / size, { style: 'unit', unit, maximumFractionDigits: 1 });
}

/** 3:07 */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, '0');
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

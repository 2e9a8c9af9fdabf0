import { useId } from 'react';

export function Logo() {
  const id = useId();
  return (
    <svg aria-hidden viewBox="0 0 32 32" className="size-9 shrink-0">
      <defs><linearGradient id={id} x1="0" y1="0" x2="1" y2="1"><stop stopColor="#00ffe7" /><stop offset="1" stopColor="#b84dff" /></linearGradient></defs>
      <rect width="32" height="32" rx="9" fill={`url(#${id})`} />
      <path d="M8 13v6M12 9v14M16 12v8M20 7v18M24 13v6" stroke="#0b0e14" strokeWidth="2.4" strokeLinecap="round" />
    </svg>
  );
}

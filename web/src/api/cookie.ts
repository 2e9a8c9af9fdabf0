const year = 365 * 24 * 60 * 60;

/** Tells the server something of this browser that the page it sends depends on; null takes it back. Nothing secret: tokens are never kept where scripts read. */
export function tellServer(name: 'son1k.signed-in' | 'son1k.language', value: string | null) {
  document.cookie = `${name}=${value ?? ''}; path=/; max-age=${value === null ? 0 : year}; samesite=lax`;
}

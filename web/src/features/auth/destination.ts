/** Where to go after signing in: an address of this app, never another origin. */
export function destination(to: string | null): string {
  return to && to.startsWith('/') && !to.startsWith('//') && !to.startsWith('/\\') ? to : '/';
}

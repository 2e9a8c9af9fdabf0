/** Days until a moment, begun ones counted; never below 0. */
export const daysLeft = (at: string, now = Date.now()) => Math.max(0, Math.ceil((new Date(at).getTime() - now) / 86_400_000));

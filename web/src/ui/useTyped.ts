import { useEffect, useRef, useState } from 'react';
import { useFilters } from './useFilters';

/** A filter that is typed: the field has each letter at once, the address follows as the router gets to it. */
export function useTyped(name: string): [string, (value: string) => void] {
  const { params, set } = useFilters();
  const asked = params.get(name) ?? '';
  const [text, setText] = useState(asked);
  const underWay = useRef<string[]>([]);
  useEffect(() => {
    const at = underWay.current.indexOf(asked);
    if (at >= 0) underWay.current.splice(0, at + 1);
    // Not typed here: Back, or a button that clears the filters.
    else setText(asked);
  }, [asked]);
  return [text, value => {
    setText(value);
    underWay.current.push(value);
    set({ [name]: value });
  }];
}

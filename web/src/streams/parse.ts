export interface ServerEvent { event: string; data: unknown; id?: string }

/** Cuts a text/event-stream into events, whatever the pieces in which it arrives. */
export class EventParser {
  private rest = '';

  push(piece: string): ServerEvent[] {
    const blocks = (this.rest + piece.replaceAll('\r\n', '\n')).split('\n\n');
    this.rest = blocks.pop() ?? '';
    return blocks.map(eventOf).filter(event => event !== null);
  }
}

function eventOf(block: string): ServerEvent | null {
  let event = 'message';
  let id: string | undefined;
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, field, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (field === 'event') event = value!;
    else if (field === 'id') id = value;
    else if (field === 'data') data.push(value!);
  }
  return data.length ? { event, id, data: JSON.parse(data.join('\n')) } : null;
}

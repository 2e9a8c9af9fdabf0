import { describe, expect, it } from 'vitest';
import { applyEvent, type Jobs } from './jobs';

const id = 'g1';
const run = (...events: [string, object?][]) => events.reduce<Jobs>((jobs, [event, data]) => applyEvent(jobs, { event, data: { generationId: id, ...data } }), {});

describe('a job', () => {
  it('goes through its stages with the progress that the worker tells', () => {
    expect(run(['queued', { position: 2, estimateSeconds: 40 }])[id]).toMatchObject({ status: 'queued', queue: { position: 2, estimateSeconds: 40 } });
    expect(run(['queued'], ['composing', { progress: 2 }], ['rendering', { progress: 31 }])[id]).toMatchObject({ status: 'rendering', progress: 31, queue: null });
  });
  it('never goes backwards when events overtake each other', () => expect(run(['rendering', { progress: 31 }], ['rendering', { progress: 20 }])[id]?.progress).toBe(31));
  it('stays completed whatever comes late', () => expect(run(['completed'], ['rendering', { progress: 50 }])[id]).toMatchObject({ status: 'completed', progress: 100 }));
  it('begins anew when it is tried again', () => expect(run(['failed', { reasonCode: 'busy' }], ['queued'])[id]).toMatchObject({ status: 'queued', progress: 0, reason: null }));
  it('says when its preview can be heard', () => expect(run(['rendering', { progress: 30 }], ['preview'])[id]).toMatchObject({ status: 'rendering', preview: true }));
  it('is no job when an old track is restored', () => expect(run(['restoring', { percent: 10 }])).toEqual({}));
});

import { describe, expect, it } from 'vitest';
import { createPlayback } from './playback.ts';

const at = (atMs: number) => ({ atMs });
/** Ten pictures a second, from one time to before another. */
const between = (fromMs: number, toMs: number) =>
  Array.from({ length: (toMs - fromMs) / 100 }, (_, index) => at(fromMs + index * 100));

describe('the display of pictures', () => {
  it('shows each at once while it is live', () => {
    const playback = createPlayback();
    expect(between(0, 300).map((picture) => playback.push(picture)?.atMs)).toEqual([0, 100, 200]);
    expect(playback.behindMs()).toBe(0);
  });

  it('stands still while it is paused, and steps one picture at a time without losing any', () => {
    const playback = createPlayback();
    playback.push(at(0));
    playback.pause();
    for (const picture of between(100, 400)) expect(playback.push(picture)).toBeNull();
    expect(playback.advance(5000)).toBeNull();
    expect([playback.step(), playback.step(), playback.step(), playback.step()].map((shown) => shown?.atMs)).toEqual([
      100,
      200,
      300,
      undefined,
    ]);
  });

  it('plays what came at a quarter of the speed, and jumps to the newest when it is live again', () => {
    const playback = createPlayback();
    playback.push(at(0));
    playback.play(0.25);
    const shown: number[] = [];
    for (let nowMs = 100; nowMs <= 2000; nowMs += 100) {
      playback.push(at(nowMs));
      const due = playback.advance(100);
      if (due) shown.push(due.atMs);
    }
    expect(shown).toEqual([100, 200, 300, 400, 500]);
    expect(playback.behindMs()).toBe(1500);
    expect(playback.play(1)?.atMs).toBe(2000);
    expect(playback.behindMs()).toBe(0);
  });

  it('never runs ahead of what came', () => {
    const playback = createPlayback();
    playback.push(at(0));
    playback.play(0.5);
    playback.push(at(100));
    expect(playback.advance(60_000)?.atMs).toBe(100);
    playback.push(at(200));
    expect(playback.advance(100)).toBeNull();
    expect(playback.advance(100)?.atMs).toBe(200);
  });

  it('holds no more than the last minute of a long pause', () => {
    const playback = createPlayback();
    playback.push(at(0));
    playback.pause();
    for (const picture of between(100, 200_000)) playback.push(picture);
    expect(playback.step()?.atMs).toBe(200_000 - 100 - 60_000);
  });
});

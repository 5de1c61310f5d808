/** Offset basis and prime of the 32-bit hash FNV-1a. */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** 2^32 divided by the golden ratio: a step that spreads counters evenly over the words. */
const GOLDEN_STEP = 0x9e3779b9;

/**
 * Three well mixed 32-bit words from any text: a hash of it (FNV-1a over its UTF-8 bytes), then the output function of
 * splitmix32 over a counter that starts there. Seeds that differ in one letter give unrelated words.
 */
export function seedWords(seed: string): [number, number, number] {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(seed)) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return [mixed(hash + GOLDEN_STEP), mixed(hash + 2 * GOLDEN_STEP), mixed(hash + 3 * GOLDEN_STEP)];
}

function mixed(word: number): number {
  let mix = word | 0;
  mix = Math.imul(mix ^ (mix >>> 16), 0x21f0aaad);
  mix = Math.imul(mix ^ (mix >>> 15), 0x735a2d97);
  return mix ^ (mix >>> 15);
}

// Keccak-256, with which EVM addresses are made.

export function keccak256(input) {
  const mask = (1n << 64n) - 1n;
  const rotate = (n, by) => (by === 0n ? n : ((n << by) | (n >> (64n - by))) & mask);
  const state = Array(25).fill(0n);
  const padded = Buffer.alloc(Math.floor(input.length / 136 + 1) * 136);
  padded.set(input);
  padded[input.length] ^= 1;
  padded[padded.length - 1] ^= 0x80;
  for (let block = 0; block < padded.length; block += 136) {
    for (let i = 0; i < 17; i++) state[i] ^= padded.readBigUInt64LE(block + i * 8);
    let lfsr = 1;
    for (let round = 0; round < 24; round++) {
      const c = [0, 1, 2, 3, 4].map((x) => state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20]);
      for (let i = 0; i < 25; i++) state[i] ^= c[(i + 4) % 5] ^ rotate(c[(i + 1) % 5], 1n);
      let [x, y, last] = [1, 0, state[1]];
      for (let t = 0; t < 24; t++) {
        [x, y] = [y, (2 * x + 3 * y) % 5];
        const moved = state[x + 5 * y];
        state[x + 5 * y] = rotate(last, BigInt((((t + 1) * (t + 2)) / 2) % 64));
        last = moved;
      }
      for (let row = 0; row < 25; row += 5) {
        const r = state.slice(row, row + 5);
        for (let i = 0; i < 5; i++) state[row + i] = r[i] ^ (~r[(i + 1) % 5] & mask & r[(i + 2) % 5]);
      }
      for (let j = 0; j < 7; j++) {
        if (lfsr & 1) state[0] ^= 1n << ((1n << BigInt(j)) - 1n);
        lfsr = (lfsr << 1) ^ (lfsr & 0x80 ? 0x171 : 0);
      }
    }
  }
  const out = Buffer.alloc(32);
  for (let i = 0; i < 4; i++) out.writeBigUInt64LE(state[i], i * 8);
  return out;
}

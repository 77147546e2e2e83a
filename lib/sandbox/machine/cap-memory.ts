/** Bytes of one WASM page. */
export const pageBytes = 65_536;

const memorySectionId = 5;
const headerBytes = 8;

/**
 * The same WASM module with a maximum on its own memory, so that V8 refuses to grow it further whatever the engine
 * inside counts or forgets to count. Format: WebAssembly core specification 5.5.8.
 */
export function capMemory(wasm: Uint8Array, maximumPages: number): Uint8Array<ArrayBuffer> {
  let at = headerBytes;
  while (at < wasm.length) {
    const id = wasm[at];
    const size = readUnsigned(wasm, at + 1);
    const end = size.next + size.value;
    if (id === memorySectionId) {
      const count = readUnsigned(wasm, size.next);
      if (count.value !== 1) throw new Error("The WASM module has not exactly one memory.");
      const flags = wasm[count.next] ?? 0;
      const minimum = readUnsigned(wasm, count.next + 1);
      const body = [1, flags | 1, ...writeUnsigned(minimum.value), ...writeUnsigned(maximumPages)];
      const section = [memorySectionId, ...writeUnsigned(body.length), ...body];
      const capped = new Uint8Array(at + section.length + wasm.length - end);
      capped.set(wasm.subarray(0, at));
      capped.set(section, at);
      capped.set(wasm.subarray(end), at + section.length);
      return capped;
    }
    at = end;
  }
  throw new Error("The WASM module has no memory of its own.");
}

function readUnsigned(bytes: Uint8Array, start: number): { value: number; next: number } {
  let value = 0;
  for (let at = start, shift = 0; at < bytes.length; at += 1, shift += 7) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, next: at + 1 };
  }
  throw new Error("The WASM module ends in the middle of a number.");
}

function writeUnsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    if (rest === 0) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

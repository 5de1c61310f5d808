/**
 * Reports the progress of a run: in one line on a terminal, otherwise in separate lines at
 * intervals.
 */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  #said = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  say(text: string): void {
    if (this.#stream.isTTY) {
      this.#stream.write(`\r\u001b[2K${text}`);
      return;
    }
    const now = performance.now();
    if (this.#said !== 0 && now - this.#said < 10_000) return;
    this.#said = now;
    this.#stream.write(`${text}\n`);
  }

  end(): void {
    if (this.#stream.isTTY) this.#stream.write("\r\u001b[2K");
  }
}

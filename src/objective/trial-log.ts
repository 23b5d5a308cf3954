/**
 * What a trial printed, capped: its beginning and its end.
 * Not here: where it is kept.
 */

/** Characters kept of the beginning, and of the end. */
const headCharacters = 16_384;
const tailCharacters = 49_152;

export class TrialLog {
  #head = '';
  #tail = '';
  #left = 0;

  add(text: string): void {
    const room = headCharacters - this.#head.length;
    if (room > 0) this.#head += text.slice(0, room);
    if (text.length <= room) return;
    this.#tail += text.slice(Math.max(0, room));
    // Not at every line: cutting copies.
    if (this.#tail.length > 2 * tailCharacters) this.#cut();
  }

  text(): string {
    if (this.#tail.length > tailCharacters) this.#cut();
    const gap = this.#left === 0 ? '' : `\n[… ${this.#left} characters left out …]\n`;
    return `${this.#head}${gap}${this.#tail}`;
  }

  #cut(): void {
    const over = this.#tail.length - tailCharacters;
    this.#left += over;
    // Through a buffer: a slice would keep the whole text alive.
    this.#tail = Buffer.from(this.#tail.slice(over), 'utf16le').toString('utf16le');
  }
}

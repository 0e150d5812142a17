/** One question. `flag` is what answers it where nobody can be asked. */
export interface Question {
  flag: string;
  question: string;
}

export interface TextQuestion extends Question {
  initial?: string | undefined;
  placeholder?: string;
  /** What is wrong with an answer; `undefined` when it will do. */
  refuse?(answer: string): string | undefined;
}

export interface Choice<T> {
  value: T;
  label: string;
  hint?: string;
}

export interface ChoiceQuestion<T> extends Question {
  choices: readonly Choice<T>[];
  initial?: T | undefined;
}

/** Who answers questions: a person on a terminal, or nobody. Every question may throw `Cancelled`. */
export interface Asker {
  /** Whether a wrong answer can be given anew. */
  readonly canAnswer: boolean;
  say(tone: 'plain' | 'good' | 'bad', text: string): void;
  text(question: TextQuestion): Promise<string>;
  /** As `text`, but what is typed is not shown. */
  secret(question: TextQuestion): Promise<string>;
  choose<T>(question: ChoiceQuestion<T>): Promise<T>;
  confirm(question: Question & { initial: boolean }): Promise<boolean>;
}

/** A person, or a signal, ended it. */
export class Cancelled extends Error {
  /** The configuration, where it was written already. */
  readonly written: string | undefined;

  constructor(written?: string) {
    super('ended by a person');
    this.written = written;
  }
}

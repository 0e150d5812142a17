import type { Asker, ChoiceQuestion, Question, TextQuestion } from '../src/cli/init/questions/asker.ts';
import { Cancelled } from '../src/cli/init/questions/asker.ts';

/** What a person answers to a question that has these words: a text, a choice's label, yes or no, or Ctrl-C. */
export type Scripted = readonly [question: RegExp, answer: string | boolean | typeof CTRL_C];

export const CTRL_C = Symbol('Ctrl-C');

/** A person who answers in this order and is surprised by every other question. */
export class ScriptedAsker implements Asker {
  readonly canAnswer = true;
  readonly heard: string[] = [];
  readonly #script: Scripted[];

  constructor(script: readonly Scripted[]) {
    this.#script = [...script];
  }

  /** Questions that the person was never asked. */
  get left(): readonly Scripted[] {
    return this.#script;
  }

  say(tone: 'plain' | 'good' | 'bad', text: string): void {
    this.heard.push(`${tone}: ${text}`);
  }

  async text(question: TextQuestion): Promise<string> {
    const answer = String(this.#next(question));
    const refusal = question.refuse?.(answer);
    if (refusal === undefined) return answer;
    this.heard.push(`refused: ${refusal}`);
    return this.text(question);
  }

  async secret(question: TextQuestion): Promise<string> {
    return this.text(question);
  }

  async choose<T>(question: ChoiceQuestion<T>): Promise<T> {
    const answer = this.#next(question);
    const choice = question.choices.find(({ label }) => label === answer);
    if (choice) return choice.value;
    const labels = question.choices.map(({ label }) => label).join(' | ');
    throw new Error(`"${question.question}" does not offer "${String(answer)}" but ${labels}`);
  }

  async confirm(question: Question): Promise<boolean> {
    return this.#next(question) === true;
  }

  #next({ question }: Question): string | boolean {
    const [expected, answer] = this.#script.shift() ?? [];
    if (!expected?.test(question) || answer === undefined)
      throw new Error(`asked "${question}", where ${String(expected)} was expected`);
    if (answer === CTRL_C) throw new Cancelled();
    return answer as string | boolean;
  }
}

import type { SurveyedOption } from '../../../tracker/site-survey.ts';

/** What the file calls one of several: its name where that alone finds it and hides no reference, else its id. */
export function nameFor({ id, name }: SurveyedOption, among: readonly SurveyedOption[]): string {
  const alike = among.filter((one) => one.name.toLowerCase() === name.toLowerCase() || one.id === name);
  const plain = name === name.trim() && !name.includes('${') && !/\p{C}/u.test(name);
  return alike.length === 1 && plain ? name : id;
}

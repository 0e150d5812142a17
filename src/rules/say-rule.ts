import type { RuleThen } from './rule.ts';

/** What a rule says, in a phrase for people: `priority Highest, label vip`. */
export function sayThen(then: RuleThen): string {
  const { priority, raisePriorityBy, labels = [], category, project, issueType, assignee, components = [] } = then;
  const fields = Object.keys(then.fields ?? {});
  const said = [
    ...(then.suppress === undefined ? [] : [`no ticket: ${then.suppress}`]),
    ...(priority === undefined ? [] : [`priority ${priority}`]),
    ...(raisePriorityBy === undefined ? [] : [sayRaise(raisePriorityBy)]),
    ...several('label', labels),
    ...(category === undefined ? [] : [`category ${category}`]),
    ...(project === undefined ? [] : [`project ${project}`]),
    ...(issueType === undefined ? [] : [`issue type ${issueType}`]),
    ...(assignee === undefined ? [] : [`assignee ${assignee}`]),
    ...several('component', components),
    ...several('field', fields),
    ...(then.group === undefined ? [] : [`one issue by ${then.group.by.join(' and ')}`]),
  ];
  return said.join(', ');
}

function sayRaise(by: number): string {
  const steps = `${Math.abs(by)} ${Math.abs(by) === 1 ? 'step' : 'steps'}`;
  return by > 0 ? `priority up ${steps}` : `priority down ${steps}`;
}

function several(noun: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${noun}${names.length === 1 ? '' : 's'} ${names.join(', ')}`];
}

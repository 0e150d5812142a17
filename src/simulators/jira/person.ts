import { type JiraSite, readFields, type SimIssue, type SimUser, STATUSES } from './site.ts';

/** Somebody at a browser: what people do to issues, which the workflow may not forbid them. Issues are named by key or id. */
export class Person {
  readonly user: SimUser;
  readonly #site: JiraSite;

  constructor(site: JiraSite, user: SimUser) {
    this.#site = site;
    this.user = user;
  }

  close(issue: string, { resolution, status = 'Done' }: { resolution?: string; status?: string } = {}): void {
    this.#enter(issue, status, resolution);
  }

  reopen(issue: string, status = 'To Do'): void {
    this.#enter(issue, status);
  }

  /** Sets one field to what an edit would send; `undefined` empties it. */
  edit(issue: string, field: string, value: unknown): void {
    const found = this.#find(issue);
    this.#site.change(found, this.user, () => {
      found.text = JSON.stringify({ fields: { ...readFields(found), [field]: value } });
      if (field === 'labels') found.labels = (value as string[] | undefined) ?? [];
    });
  }

  /** A remark in plain words; `body` as the edition writes rich text. */
  comment(issue: string, body: unknown): void {
    const found = this.#find(issue);
    const id = String(10_000 + this.#site.nextChildId());
    const comment = { id, body, at: this.#site.clock.now(), author: this.user, properties: [] };
    this.#site.change(found, this.user, () => found.comments.push(comment), 'commented');
  }

  /** Makes an issue of this person's with the fields of another; returns its key. `properties`: a script copies those too, which Jira's own clone does not. */
  clone(issue: string, { properties = false }: { properties?: boolean } = {}): string {
    const { project, text, labels, properties: own } = this.#find(issue);
    const copied = properties ? new Map(own) : new Map<string, unknown>();
    return this.#site.add({ project, text, labels, properties: copied, reporter: this.user }).key;
  }

  /** Makes an issue carry the labels and the issue properties of another, as a script may. */
  copyIdentity(from: string, to: string): void {
    const { labels, properties } = this.#find(from);
    const target = this.#find(to);
    this.edit(to, 'labels', [...new Set([...target.labels, ...labels])]);
    for (const [key, value] of properties) target.properties.set(key, value);
  }

  /** Moves the issue to another project; returns its new key. */
  move(issue: string, project: string): string {
    const found = this.#find(issue);
    const target = this.#site.project(project);
    if (!target) throw new Error(`the simulator has no project ${project}`);
    this.#site.move(found, target, this.user);
    return found.key;
  }

  delete(issue: string): void {
    this.#site.remove(this.#find(issue), this.user);
  }

  #enter(issue: string, name: string, resolution?: string): void {
    const found = this.#find(issue);
    const status = STATUSES.find((one) => one.name === name);
    if (!status) throw new Error(`the simulator has no status ${name}`);
    if (resolution !== undefined && !this.#site.resolutions.some((one) => one.name === resolution))
      throw new Error(`the simulator has no resolution ${resolution}`);
    this.#site.change(found, this.user, () => this.#site.enter(found, status, resolution));
  }

  #find(idOrKey: string): SimIssue {
    const found = this.#site.find(idOrKey);
    if (!found) throw new Error(`the simulator has no issue ${idOrKey}`);
    return found;
  }
}

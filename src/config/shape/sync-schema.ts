import * as v from 'valibot';
import { choice, duration, nameOrId, text, yesOrNo } from './leaf.ts';

/** The part of the configuration file that keeps alert and issue in step. */

const fromJira = v.strictObject({
  closeAlert: v.optional(yesOrNo('Whether the alert is closed in Defender when its issue is done.'), true),
  verdict: v.optional(
    v.pipe(
      v.record(
        text("A resolution's name, or `default`."),
        choice(['false_positive', 'benign', 'true_positive'], 'The verdict with which the alert is closed.'),
      ),
      v.description(
        'Verdict by resolution, whose name is compared without regard to case; `default` is for all others, by default true_positive.',
      ),
    ),
    {},
  ),
});

const fromDefender = v.strictObject({
  transitionTo: v.optional(
    nameOrId('Status or transition to which the issue goes when its alert was closed. Left out: it is only commented.'),
  ),
});

export const sync = v.strictObject({
  fromJira: v.optional(
    v.pipe(fromJira, v.description('What an issue that reached a status of category Done means for its alert.')),
  ),
  fromDefender: v.optional(
    v.pipe(fromDefender, v.description('What an alert that was closed in Defender means for its issue.')),
  ),
  every: v.optional(duration('How often `serve` looks; a webhook makes it look at once.', '7d'), '5m'),
});

export type SyncSettings = v.InferOutput<typeof sync>;

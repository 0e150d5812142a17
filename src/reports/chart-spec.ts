import type { Severity } from '../domain/alert.ts';

/** What a chart shows, without how it is drawn: values, their words, and a sentence that says what is to be seen. */
export type ChartSpec = {
  /** Unique in its paper or page. */
  name: string;
  title: string;
  /** What the chart shows, for those who do not see it: one or two sentences with the figures that matter. */
  says: string;
} & (
  | {
      chart: 'stacked-columns';
      /** One column each, oldest first; `label` is short, such as `12` or `Mon 12`. */
      /** `when`: the day or month as machines read it, `2026-10-31`. */
      columns: readonly { label: string; when?: string; values: Readonly<Record<Severity, number>> }[];
      unit: string;
    }
  | {
      chart: 'line';
      points: readonly { label: string; when?: string; value: number }[];
      unit: string;
    }
  | {
      /** Horizontal bars, longest first, of which a part is marked: detections with their share of false positives. */
      chart: 'bars-with-share';
      bars: readonly { label: string; value: number; part: number; note: string }[];
      unit: string;
      partWords: string;
    }
  | {
      /** One row each: median and 90th percentile as dots on a common logarithmic scale of minutes. */
      chart: 'dots';
      rows: readonly {
        label: string;
        medianMinutes?: number;
        p90Minutes?: number;
        n: number;
        targetMinutes?: number;
      }[];
    }
  | {
      /** A strip of cells, darker the more: tactics. */
      chart: 'heat-strip';
      cells: readonly { label: string; value: number }[];
      unit: string;
    }
);

// Chart.tsx - bars over time, by uPlot. The table beside it says the same.
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import c from './Chart.module.css';

export interface Series {
  name: string;
  values: (number | null)[];
  isFaint?: boolean; // What it is compared with.
}

const HEIGHT = 240;
const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name);

function shown(series: Series): uPlot.Series {
  const ink = colour(series.isFaint ? '--ink-faint' : '--accent').trim();
  return series.isFaint
    ? { label: series.name, stroke: ink, width: 1.5, dash: [5, 4], points: { show: false } }
    : {
        label: series.name,
        stroke: ink,
        fill: ink,
        width: 0,
        paths: uPlot.paths.bars?.({ size: [0.7, 40] }),
        points: { show: false },
      };
}

function optionsOf(
  box: HTMLElement,
  labels: string[],
  series: Series[],
  sayValue: (value: number) => string,
): uPlot.Options {
  const axis = { stroke: colour('--ink-faint'), grid: { stroke: colour('--line'), width: 1 } };
  return {
    width: box.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { show: false } },
    scales: { x: { time: false, range: [-0.6, labels.length - 0.4] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        incrs: [1, 2, 5, 7, 10, 14, 30, 60, 90, 180, 365],
        values: (_, at) => at.map((i) => labels[i] ?? ''),
        space: 84,
      },
      { ...axis, size: 76, values: (_, at) => at.map((v) => sayValue(v)) },
    ],
    series: [{}, ...series.map(shown)],
  };
}

export function Chart({
  title,
  labels,
  series,
  sayValue,
}: {
  title: string;
  labels: string[];
  series: Series[];
  sayValue: (value: number) => string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours follow the scheme
  useEffect(() => {
    const at = box.current;
    if (!at) return;
    const data: uPlot.AlignedData = [
      labels.map((_, i) => i),
      ...series.map((one) => one.values),
    ] as uPlot.AlignedData;
    const plot = new uPlot(optionsOf(at, labels, series, sayValue), data, at);
    const watch = new ResizeObserver(() => plot.setSize({ width: at.clientWidth, height: HEIGHT }));
    watch.observe(at);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [labels, series, sayValue, scheme]);
  return <div ref={box} className={c.chart} role="img" aria-label={title} />;
}

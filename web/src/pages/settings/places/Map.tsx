// Map.tsx - the world in outline, and where the locations are. The outline is
// built in (Natural Earth, by world-atlas); a chunk of its own.
import { geoNaturalEarth1, geoPath } from 'd3-geo';
import { useMemo } from 'react';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import land from 'world-atlas/land-110m.json';
import { Link } from 'wouter';
import type { Schemas } from '../../../api/client';
import { sayKind } from './LocationDialog';
import c from './Places.module.css';

type Location = Schemas['Location'];
const WIDTH = 960;
const HEIGHT = 360;
// Without the ice: nothing is shipped from there.
const SHOWN = {
  type: 'MultiPoint' as const,
  coordinates: [
    [-168, 72],
    [178, 72],
    [-75, -56],
    [147, -50],
  ],
};
const NEAR = 13;
const topology = land as unknown as Topology<{ land: GeometryCollection }>;
const world = feature(topology, topology.objects.land);

interface Spot {
  x: number;
  y: number;
  at: Location[];
}

// Places that would cover each other are one spot.
function spotsOf(
  locations: Location[],
  project: (at: [number, number]) => [number, number] | null,
) {
  const spots: Spot[] = [];
  for (const one of locations) {
    const point = one.lat !== null && one.lon !== null && project([one.lon, one.lat]);
    if (!point) continue;
    const [x, y] = point;
    const near = spots.find((spot) => Math.hypot(spot.x - x, spot.y - y) < NEAR);
    if (near) near.at.push(one);
    else spots.push({ x, y, at: [one] });
  }
  return spots;
}

function SpotMark({ of: { x, y, at } }: { of: Spot }) {
  const [first] = at;
  if (!first) return null;
  const name =
    at.length === 1
      ? `${first.name}, ${sayKind(first.type)}`
      : `${at.length} locations: ${at.map((one) => one.name).join(', ')}`;
  const country = first.address.country ?? '';
  const to = at.length === 1 ? `/locations/${first.id}` : `/locations?country=${country}`;
  return (
    <Link href={to} aria-label={name} className={c.spot} data-kind={first.type}>
      <title>{name}</title>
      <circle cx={x} cy={y} r={12} className={c.halo} />
      <circle cx={x} cy={y} r={at.length > 1 ? 9 : 6} />
      {at.length > 1 && (
        <text x={x} y={y + 4} textAnchor="middle">
          {at.length}
        </text>
      )}
    </Link>
  );
}

export default function WorldMap({ of }: { of: Location[] }) {
  const { outline, spots } = useMemo(() => {
    const projection = geoNaturalEarth1().fitSize([WIDTH, HEIGHT], SHOWN);
    return { outline: geoPath(projection)(world) ?? '', spots: spotsOf(of, projection) };
  }, [of]);
  return (
    <svg
      className={c.map}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="group"
      aria-label="Where the locations are"
    >
      <path d={outline} className={c.land} />
      {spots.map((spot) => (
        <SpotMark key={spot.at[0]?.id} of={spot} />
      ))}
    </svg>
  );
}

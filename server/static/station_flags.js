// Flagged readings: how they are marked, what is said of them, whether they are shown.

import { texts } from "./station_words.js";

const KEY = "tepai-hide-flagged";
const FAIL = 4, MISSING = 9;
const MARKS = {
  2: { symbol: "circle", itemStyle: { color: "#fff", borderColor: "#55625c", borderWidth: 2 } },
  3: { symbol: "diamond", itemStyle: { color: "#f2b134", borderColor: "#5c3d00", borderWidth: 1 } },
  4: { symbol: "triangle", itemStyle: { color: "#c62828", borderColor: "#5c0000", borderWidth: 1 } },
};

export const kept = (quality) => quality !== MISSING;
export const flagged = (quality) => quality in MARKS;
export const onLine = (quality) => quality !== FAIL;

/** What a reader is told of a quality; nothing of a good one. */
export const flagText = (quality) => (flagged(quality) ? texts[`quality_${quality}`] : "");

/** Whether this browser hides them; a browser that keeps nothing shows them. */
export function hiding() {
  try {
    return localStorage.getItem(KEY) === "yes";
  } catch {
    return false;
  }
}

export function hide(hidden) {
  try {
    localStorage.setItem(KEY, hidden ? "yes" : "no");
  } catch {
    // A browser that keeps nothing asks again at the next visit.
  }
}

/** The marks of one sensor as a series of their own, over its line and under the same name. */
export function flagSeries(sensor, offset) {
  return {
    id: `f${sensor.id}`, name: sensor.name, type: "scatter", symbolSize: 11, z: 5,
    data: sensor.flagged.map(([time, value, quality]) => ({ value: [time + offset, value, quality], ...MARKS[quality] })),
  };
}

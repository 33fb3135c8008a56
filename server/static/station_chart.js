// One chart of one quantity: its sensors' readings, a summary in words, the same as a table.

import { flagSeries, flagText, flagged, kept, onLine } from "./station_flags.js";
import { dateAndTime, filled, language, number, shortTime, texts } from "./station_words.js";

const HOUR = 3_600_000;
// ECharts shows either the browser's zone or UTC. China has had one offset since 1991, so times are
// shifted by it and shown as UTC: every reader sees the clock of the station.
const OFFSET = 8 * HOUR;
const COLOURS = ["#1f6b45", "#c2571a", "#1d5685", "#7b3f98", "#8a6d00", "#00798c"];
const DASHES = ["solid", "dashed", "dotted"];
const ROWS_SHOWN = 200;

const escaped = (text) =>
  text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** Bounds on round numbers that hold all values, never zoomed in below what the sensor resolves. */
export function bounds(values, decimals, low, high) {
  if (!values.length) return { min: 0, max: 1 };
  let least = Math.min(...values), most = Math.max(...values);
  const narrowest = 10 * 10 ** -decimals;
  if (most - least < narrowest) {
    const middle = (least + most) / 2;
    [least, most] = [middle - narrowest / 2, middle + narrowest / 2];
    if (low !== null && values.every((value) => value >= low)) least = Math.max(least, low);
  }
  const rough = (most - least) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const interval = [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => step >= rough);
  const clean = (value) => Number(value.toPrecision(12));
  return {
    min: clean(Math.floor(least / interval + 1e-9) * interval),
    max: clean(Math.ceil(most / interval - 1e-9) * interval),
    interval: clean(interval),
    high,
  };
}

export class QuantityChart {
  constructor(section) {
    const data = section.dataset;
    this.name = data.name;
    this.unit = data.unit;
    this.summed = data.daily === "sum"; // rain: bars, and sums instead of means
    this.decimals = Number(data.decimals);
    this.low = data.low === undefined ? null : Number(data.low);
    this.high = data.high === undefined ? null : Number(data.high);
    this.sensors = JSON.parse(data.sensors).map((sensor) => ({ ...sensor, step: "raw", all: [], points: [], flagged: [] }));
    this.hidden = false;
    this.area = section.querySelector(".chart");
    this.summary = section.querySelector(".chart-summary");
    this.table = section.querySelector(".chart-table");
    this.toggle = section.querySelector(".table-toggle");
    this.toggle.addEventListener("click", () => this.showTable(this.table.hidden));
    this.hours = 24;
    this.chart = echarts.init(this.area, null, { locale: language === "en" ? "EN" : "ZH" });
    new ResizeObserver(() => this.chart.resize()).observe(this.area);
  }

  /** Fetch the last so many hours and draw them; true if all came. */
  async load(hours) {
    this.hours = hours;
    const to = new Date();
    const from = new Date(to.getTime() - hours * HOUR);
    try {
      await Promise.all(this.sensors.map((sensor) => this.loadSensor(sensor, from, to)));
    } catch {
      if (!this.sensors.some((sensor) => sensor.points.length)) this.summary.textContent = texts.failed;
      return false;
    }
    if (hours === this.hours) this.draw();
    return true;
  }

  async loadSensor(sensor, from, to) {
    const wanted = new URLSearchParams({
      sensor: sensor.id, from: from.toISOString(), to: to.toISOString(), step: "auto",
    });
    const answer = await fetch(`/api/v1/readings?${wanted}`);
    if (!answer.ok) throw new Error(`readings: ${answer.status}`);
    const series = await answer.json();
    sensor.step = series.step;
    sensor.all = series.points
      .filter((point) => series.step !== "raw" || kept(point[2]))
      .map(([time, ...numbers]) => [Date.parse(time), ...numbers]);
    if (this.summed && series.step !== "raw") {
      sensor.all = sensor.all.map(([time, mean, , , count]) => {
        const sum = mean * count;
        return [time, sum, sum, sum, count];
      });
    }
    this.sort(sensor);
  }

  /** Which points make the line, and which are marked. */
  sort(sensor) {
    const raw = sensor.step === "raw";
    const shown = raw && this.hidden ? sensor.all.filter((point) => !flagged(point[2])) : sensor.all;
    sensor.points = raw ? shown.filter((point) => onLine(point[2])) : shown;
    sensor.flagged = raw ? shown.filter((point) => flagged(point[2])) : [];
  }

  /** Show the flagged readings or not. */
  hideFlagged(hidden) {
    this.hidden = hidden;
    for (const sensor of this.sensors) this.sort(sensor);
    this.draw();
  }

  /** Add a reading that just came; drawn at once when the chart shows raw readings. */
  append(sensorId, time, value, quality) {
    const sensor = this.sensors.find((one) => one.id === sensorId);
    if (!sensor || sensor.step !== "raw" || !kept(quality)) return;
    const last = sensor.all.at(-1);
    if (last && last[0] >= time) return;
    sensor.all.push([time, value, quality]);
    const oldest = Date.now() - this.hours * HOUR;
    while (sensor.all.length && sensor.all[0][0] < oldest) sensor.all.shift();
    this.sort(sensor);
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = undefined;
      this.draw();
    });
  }

  draw() {
    const values = this.sensors.flatMap((sensor) =>
      [...sensor.points, ...sensor.flagged].flatMap((point) => (sensor.step === "raw" ? [point[1]] : [point[2], point[3]])));
    if (this.summed) values.push(0);
    this.chart.setOption(this.option(values), { replaceMerge: ["series"] });
    this.summary.textContent = this.inWords();
    if (!this.table.hidden) this.fillTable();
  }

  option(values) {
    const many = this.sensors.length > 1;
    const { min, max, interval } = bounds(values, this.decimals, this.low, this.high);
    const now = Date.now();
    return {
      useUTC: true,
      animation: false, // nothing moves by itself: a wall screen is read at a glance
      color: COLOURS,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      legend: { show: many, type: "scroll", top: 0, left: 0, icon: "path://M0,4 h24 v3 h-24 z", itemWidth: 24, data: this.sensors.map((sensor) => sensor.name) },
      grid: { left: 4, right: 18, top: many ? 36 : 14, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      tooltip: { trigger: "axis", confine: true, transitionDuration: 0, formatter: (items) => this.tooltip(items) },
      xAxis: {
        type: "time", min: now - this.hours * HOUR + OFFSET, max: now + OFFSET,
        axisLine: { onZero: false },
        splitNumber: this.area.clientWidth < 420 ? 3 : 6,
        axisLabel: { hideOverlap: true, color: "#55625c", formatter: { year: "{MM}-{dd}", month: "{MM}-{dd}", day: "{MM}-{dd}", hour: "{HH}:{mm}", minute: "{HH}:{mm}" } },
      },
      yAxis: { type: "value", min, max, interval, axisLabel: { color: "#55625c" }, splitLine: { lineStyle: { color: "#e6ece8" } } },
      series: this.sensors.flatMap((sensor, place) => this.series(sensor, place, many)),
    };
  }

  series(sensor, place, many) {
    const line = {
      id: `s${sensor.id}`, name: sensor.name, type: "line", showSymbol: sensor.points.length < 3,
      symbolSize: 5, data: withGaps(sensor), connectNulls: false,
      lineStyle: { width: 2, type: DASHES[place % DASHES.length] }, emphasis: { disabled: true },
    };
    if (this.summed) {
      return [{ ...line, type: "bar", barMinWidth: 2, barMaxWidth: 14, barGap: 0, data: line.data.filter((point) => point[1] !== null) }, flagSeries(sensor, OFFSET)];
    }
    if (many || sensor.step === "raw") return [line, flagSeries(sensor, OFFSET)];
    // One sensor by hour or day: a band from the lowest to the highest reading around the mean.
    const band = (id, value, opacity) => ({
      id, type: "line", stack: "band", stackStrategy: "all", symbol: "none", silent: true,
      lineStyle: { opacity: 0 }, areaStyle: { color: COLOURS[0], opacity }, tooltip: { show: false },
      data: sensor.points.map((point) => [point[0] + OFFSET, value(point)]),
    });
    return [line, band("low", (point) => point[2], 0), band("band", (point) => point[3] - point[2], 0.15)];
  }

  tooltip(items) {
    // A flagged reading of the line is told with the line; one beside it by its own mark.
    const shown = items.filter((item) => item.value?.[1] !== null &&
      (item.seriesId?.startsWith("s") || (item.seriesId?.startsWith("f") && !onLine(item.value[2]))));
    if (!shown.length) return "";
    const rows = shown.map((item) => {
      const sensor = this.sensors.find((one) => String(one.id) === item.seriesId.slice(1));
      const time = item.value[0] - OFFSET;
      const point = sensor.all.find((one) => one[0] === time);
      const value = `<b>${number(item.value[1], this.decimals)}</b> ${escaped(this.unit)}`;
      const range = this.summed || sensor.step === "raw" || !point ? "" :
        ` <small>(${number(point[2], this.decimals)} – ${number(point[3], this.decimals)})</small>`;
      const flag = sensor.step === "raw" && point ? flagText(point[2]) : "";
      return `${item.marker}${escaped(sensor.name)} ${value}${range}${flag && ` <b>⚑ ${escaped(flag)}</b>`}`;
    });
    return [dateAndTime(shown[0].value[0] - OFFSET), ...rows].join("<br>");
  }

  inWords() {
    const lines = this.sensors.filter((sensor) => sensor.points.length).map((sensor) => {
      const raw = sensor.step === "raw";
      const lows = sensor.points.map((point) => point[raw ? 1 : 2]);
      const highs = sensor.points.map((point) => point[raw ? 1 : 3]);
      const [time, last] = sensor.points.at(-1);
      const sum = sensor.points.reduce((total, point) => total + point[1], 0);
      return filled(this.summed ? texts.summary_sum : texts.summary, {
        sum: number(sum, this.decimals),
        name: sensor.name, unit: this.unit, last: number(last, this.decimals),
        min: number(Math.min(...lows), this.decimals), max: number(Math.max(...highs), this.decimals),
        time: shortTime(new Date(time)),
      });
    });
    const count = this.sensors.reduce((total, sensor) => total + sensor.flagged.length, 0);
    if (count) lines.push(filled(texts.flagged_count, { count }));
    return lines.join("\n") || texts.no_data;
  }

  showTable(shown) {
    this.table.hidden = !shown;
    this.area.hidden = shown;
    this.toggle.setAttribute("aria-expanded", String(shown));
    this.toggle.textContent = shown ? texts.show_chart : texts.show_table;
    if (shown) this.fillTable();
    else this.chart.resize();
  }

  fillTable() {
    const times = new Map();
    this.sensors.forEach((sensor, place) => {
      for (const [time, value, quality] of [...sensor.points, ...sensor.flagged]) {
        if (!times.has(time)) times.set(time, new Array(this.sensors.length).fill(null));
        times.get(time)[place] = [value, sensor.step === "raw" ? flagText(quality) : ""];
      }
    });
    const newest = [...times.entries()].sort((a, b) => b[0] - a[0]).slice(0, ROWS_SHOWN);
    const table = document.createElement("table");
    table.createCaption().textContent =
      filled(texts.table_caption, { name: this.name, unit: this.unit, rows: newest.length });
    const head = table.createTHead().insertRow();
    for (const text of [texts.time, ...this.sensors.map((sensor) => sensor.name)]) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = text;
      head.append(cell);
    }
    const body = table.createTBody();
    for (const [time, values] of newest) {
      const row = body.insertRow();
      row.insertCell().textContent = dateAndTime(new Date(time));
      for (const [value, flag] of values.map((one) => one ?? [null, ""])) {
        row.insertCell().textContent = number(value, this.decimals) + (flag && ` ⚑ ${flag}`);
      }
    }
    this.table.replaceChildren(table);
  }
}

/** Points as drawn, with a hole where a sensor was silent by its own usual pace. */
function withGaps(sensor) {
  const paces = sensor.points.slice(1).map((point, place) => point[0] - sensor.points[place][0]);
  const usual = paces.sort((a, b) => a - b)[Math.floor(paces.length / 2)] ?? 0;
  const step = Math.max(usual, { raw: sensor.interval * 1000, hour: HOUR, day: 24 * HOUR }[sensor.step]);
  const longest = 3 * step;
  const drawn = [];
  let before = null;
  for (const [time, value] of sensor.points) {
    if (before !== null && time - before > longest) drawn.push([before + step + OFFSET, null]);
    drawn.push([time + OFFSET, value]);
    before = time;
  }
  return drawn;
}

// The dashboard of one station: charts, tiles and the live stream that keeps both up to date.

import { QuantityChart } from "./station_chart.js";
import { hide, hiding } from "./station_flags.js";
import { age, dateAndTime, filled, number, shortTime, texts } from "./station_words.js";

const RELOAD_EVERY = 120_000; // late readings and rollups come in behind the live ones
const RETRY_AFTER = 5_000;
const BADGES = { online: "good", partly: "warn", silent: "bad", never: "" };

const page = document.getElementById("station");
const liveState = document.getElementById("live-state");
const charts = [...page.querySelectorAll(".chart-card")].map((section) => new QuantityChart(section));
const tiles = new Map([...page.querySelectorAll(".tile")].map((tile) => [Number(tile.dataset.sensor), tile]));
let hours = 24;

async function loadCharts() {
  await Promise.all(charts.map((chart) => chart.load(hours)));
}

for (const button of page.querySelectorAll(".ranges button")) {
  button.addEventListener("click", () => {
    hours = Number(button.dataset.hours);
    for (const one of page.querySelectorAll(".ranges button")) {
      one.setAttribute("aria-pressed", String(one === button));
    }
    loadCharts();
  });
}

const hideSwitch = document.getElementById("hide-flagged");
if (hideSwitch) {
  hideSwitch.checked = hiding();
  for (const chart of charts) chart.hidden = hideSwitch.checked;
  hideSwitch.addEventListener("change", () => {
    hide(hideSwitch.checked);
    for (const chart of charts) chart.hideFlagged(hideSwitch.checked);
  });
}

function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function updateTile([id, time, value, quality, low, high, sum]) {
  const moment = new Date(time);
  for (const chart of charts) chart.append(id, moment.getTime(), value, quality);
  const tile = tiles.get(id);
  if (!tile) return;
  const decimals = Number(tile.dataset.decimals);
  const clock = tile.querySelector("time");
  if (clock.dateTime === time) return;
  const first = !clock.dateTime;
  clock.dateTime = time;
  setText(clock, shortTime(moment));
  setText(tile.querySelector(".value"), number(value, decimals));
  if (tile.dataset.daily === "sum") {
    if (sum !== null) setText(tile.querySelector(".tile-range"), filled(texts.today_sum, { sum: number(sum, decimals) }));
  } else if (low !== null) {
    setText(tile.querySelector(".tile-range"),
      filled(texts.today, { min: number(low, decimals), max: number(high, decimals) }));
  }
  if (!first) {
    tile.classList.add("fresh");
    setTimeout(() => tile.classList.remove("fresh"), 50);
  }
}

function updateAges() {
  for (const tile of tiles.values()) {
    const clock = tile.querySelector("time");
    if (clock.dateTime) setText(tile.querySelector(".age"), age(new Date(clock.dateTime)));
  }
  const last = document.getElementById("last-reading");
  if (last.dateTime) setText(document.getElementById("last-reading-age"), age(new Date(last.dateTime)));
}

function updateStation(told) {
  const badge = document.getElementById("station-state");
  setText(badge, texts[`state_${told.state}`]);
  badge.className = `badge ${BADGES[told.state]}`;
  const times = Object.values(told.devices).map((device) => device.last_reading_at).filter(Boolean);
  if (times.length) {
    const newest = new Date(Math.max(...times.map((time) => Date.parse(time))));
    const last = document.getElementById("last-reading");
    last.dateTime = newest.toISOString();
    setText(last, dateAndTime(newest));
  }
  const silent = new Set(Object.keys(told.devices).filter((code) => told.devices[code].state === "silent"));
  for (const tile of tiles.values()) tile.classList.toggle("stale", silent.has(tile.dataset.device));
}

function showLive(state, badge) {
  setText(liveState, texts[state]);
  liveState.className = `badge ${badge} ${state}`;
}

function watch() {
  const stream = new EventSource(`/api/v1/stations/${encodeURIComponent(page.dataset.code)}/live`);
  let lost = false, away = false; // the server; the database behind it
  stream.addEventListener("open", () => {
    showLive("live", "good");
    if (lost) loadCharts();
    lost = false;
  });
  stream.addEventListener("readings", (event) => {
    const told = JSON.parse(event.data);
    if (away) {
      away = false;
      showLive("live", "good");
      loadCharts();
    }
    told.sensors.forEach(updateTile);
    updateStation(told);
    updateAges();
  });
  stream.addEventListener("away", () => {
    away = true;
    showLive("reconnecting", "warn");
  });
  stream.addEventListener("end", () => {
    stream.close();
    showLive("ended", "bad");
  });
  stream.addEventListener("error", async () => {
    lost = true;
    if (stream.readyState !== EventSource.CLOSED) {
      showLive("reconnecting", "warn");
      return;
    }
    // The browser gives up on an answer that is no stream: sign-in ended, or the server is starting.
    const session = await fetch("/api/v1/session").catch(() => null);
    if (session?.status === 401) {
      showLive("ended", "bad");
      return;
    }
    showLive("reconnecting", "warn");
    setTimeout(() => { loadCharts(); watch(); }, RETRY_AFTER);
  });
  addEventListener("pagehide", () => stream.close());
}

updateAges();
setInterval(updateAges, 10_000);
setInterval(loadCharts, RELOAD_EVERY);
await loadCharts();
watch();

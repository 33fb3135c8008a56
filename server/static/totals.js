// The bars of one indicator by year, from the JSON that the totals page names.
"use strict";

const box = document.getElementById("year-chart");
const choice = document.getElementById("chart-indicator");

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function draw(chart, parts) {
  const key = choice.value;
  const chosen = choice.selectedOptions[0];
  const decimals = key === "household_income_gain" ? 2 : 0;
  const shown = (value) =>
    value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: decimals });
  chart.setOption({
    animationDuration: 300,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("--ink") },
    grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", valueFormatter: (value) => `${shown(value)} ${chosen.dataset.unit}` },
    xAxis: { type: "category", data: parts.map((part) => part.label), axisTick: { show: false } },
    yAxis: {
      type: "value",
      name: chosen.dataset.unit,
      nameTextStyle: { align: "left" },
      splitLine: { lineStyle: { color: colour("--line") } },
    },
    series: [
      {
        name: chosen.textContent,
        type: "bar",
        barMaxWidth: 56,
        itemStyle: { color: colour("--accent"), borderRadius: [4, 4, 0, 0] },
        label: { show: true, position: "top", color: colour("--ink"), formatter: ({ value }) => shown(value) },
        data: parts.map((part) => part.indicators[key]),
      },
    ],
  });
  box.setAttribute(
    "aria-label",
    `${chosen.textContent}: ${parts.map((part) => `${part.label} ${shown(part.indicators[key])}`).join(", ")}`,
  );
}

async function show() {
  const answer = await fetch(box.dataset.source, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const { parts } = await answer.json();
  const chart = echarts.init(box, null, { renderer: "svg" });
  draw(chart, parts);
  choice.addEventListener("change", () => draw(chart, parts));
  new ResizeObserver(() => chart.resize()).observe(box);
}

if (box) {
  show().catch(() => {
    box.textContent = box.dataset.failed;
    box.classList.add("muted");
  });
}

import { BarChart } from "echarts/charts";
import { GridComponent, LegendComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

// Only what is drawn. The table beside says the same, so there is no tooltip: it would need styles in the page.
use([BarChart, GridComponent, LegendComponent, SVGRenderer]);

const COLOURS = { green: "#1a7f4b", red: "#b3261e", grey: "#8a94a6" };

/** One bar for each name, in parts, in the room that the page has kept for them. */
export function drawBars(host) {
  const { names, series } = JSON.parse(host.dataset.chart);
  const { height } = host.getBoundingClientRect();
  const place = document.createElement("div");
  host.replaceChildren(place);
  const chart = init(place, null, { renderer: "svg", width: host.clientWidth, height });
  chart.setOption({
    animation: false,
    color: series.map(({ look }) => COLOURS[look]),
    grid: { left: 8, right: 24, top: 36, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, itemGap: 14, itemWidth: 14, selectedMode: false },
    // By its name: "inherit" would be measured as another, narrower font, and the ends of long names cut off.
    textStyle: { fontFamily: getComputedStyle(place).fontFamily, fontSize: 14 },
    xAxis: { type: "value", minInterval: 1 },
    yAxis: { type: "category", inverse: true, data: names, axisTick: { show: false } },
    series: series.map(({ name, data }) => ({ type: "bar", stack: "all", silent: true, barMaxWidth: 16, name, data })),
  });
  new ResizeObserver(() => chart.resize({ width: host.clientWidth })).observe(host);
}

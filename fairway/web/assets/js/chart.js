// ECharts with the kinds in use only. Colours come from the page's variables, so that a chart follows the theme.
import { BarChart, FunnelChart, HeatmapChart, LineChart } from "echarts/charts";
import { GridSimpleComponent, LegendPlainComponent, TooltipComponent, VisualMapPiecewiseComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([
  BarChart, FunnelChart, HeatmapChart, LineChart, GridSimpleComponent, LegendPlainComponent, TooltipComponent,
  VisualMapPiecewiseComponent, CanvasRenderer,
]);

// A probe element turns a variable, with its light and dark halves, into the colour that holds now.
function colour(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function look() {
  return {
    text: colour("--fy-text-soft"),
    line: colour("--fy-line"),
    surface: colour("--fy-surface"),
    strong: colour("--fy-text-color"),
    palette: ["--fy-accent", "--fy-warn-fg", "--fy-good-fg", "--fy-bad-fg", "--fy-neutral-fg"].map(colour),
  };
}

function axes(data, paint) {
  const label = { color: paint.text, fontSize: 12 };
  return {
    grid: { left: 8, right: 16, top: data.series.length > 1 ? 36 : 16, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: data.labels, axisLabel: label, axisTick: { show: false }, axisLine: { lineStyle: { color: paint.line } } },
    yAxis: { type: "value", axisLabel: label, splitLine: { lineStyle: { color: paint.line } } },
  };
}

const KINDS = {
  bar: (data, paint) => ({
    ...axes(data, paint),
    series: data.series.map((one) => ({ type: "bar", name: one.name, data: one.values, barMaxWidth: 36, itemStyle: { borderRadius: [3, 3, 0, 0] } })),
  }),
  line: (data, paint) => ({
    ...axes(data, paint),
    series: data.series.map((one) => ({ type: "line", name: one.name, data: one.values, showSymbol: data.labels.length < 32, lineStyle: { width: 2 } })),
  }),
  funnel: (data, paint) => ({
    series: [{
      type: "funnel", sort: "none", left: 8, right: 8, top: 8, bottom: 8, gap: 2, minSize: "12%",
      itemStyle: { borderWidth: 0, color: paint.palette[0] },
      label: { position: "inside", color: paint.surface, formatter: "{b}  {c}" },
      data: data.labels.map((name, place) => ({ name, value: data.series[0].values[place], itemStyle: { opacity: 1 - place * 0.06 } })),
    }],
  }),
  heatmap: (data, paint) => {
    const cells = data.series.flatMap((one, row) => one.values.map((value, column) => [column, row, value]));
    const plain = axes(data, paint);
    return {
      ...plain,
      yAxis: { ...plain.yAxis, type: "category", inverse: true, data: data.series.map((one) => one.name) },
      visualMap: { type: "piecewise", splitNumber: 6, show: false, min: 0, max: Math.max(1, ...cells.map((cell) => cell[2])), inRange: { color: [paint.line, paint.palette[0]] } },
      series: [{ type: "heatmap", data: cells, label: { show: true, color: paint.strong, textBorderColor: paint.surface, textBorderWidth: 3 }, itemStyle: { borderColor: paint.surface, borderWidth: 2 } }],
    };
  },
};

function options(data) {
  const paint = look();
  return {
    color: paint.palette,
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 300,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    legend: { show: data.series.length > 1 && data.kind !== "heatmap", top: 0, textStyle: { color: paint.text } },
    // Rich text is drawn on the canvas: a tooltip of HTML would need inline styles.
    tooltip: { trigger: ["bar", "line"].includes(data.kind) ? "axis" : "item", renderMode: "richText", valueFormatter: (value) => `${value}${data.unit ? ` ${data.unit}` : ""}` },
    ...KINDS[data.kind](data, paint),
  };
}

export function draw(place, data) {
  const chart = init(place);
  chart.setOption(options(data));
  chart.on("click", ({ dataIndex }) => {
    if (data.links[dataIndex]) location.assign(data.links[dataIndex]);
  });
  new ResizeObserver(() => chart.resize()).observe(place);
  document.addEventListener("fairway:theme", () => chart.setOption(options(data), true));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => chart.setOption(options(data), true));
}

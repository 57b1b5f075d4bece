// Draws the charts of a page: each <figure class="chart"> holds its Vega-Lite specification in a script element.
(function () {
  "use strict";
  var dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  var quiet = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  var ink = dark ? "#e6eaf0" : "#1d2430";
  var line = dark ? "#343c48" : "#d9dee6";
  var config = {
    font: '"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif',
    view: { stroke: null },
    axis: { labelColor: ink, titleColor: ink, gridColor: line, domainColor: line, tickColor: line },
    legend: { labelColor: ink, titleColor: ink },
  };
  document.querySelectorAll("figure.chart").forEach(function (figure) {
    var spec = JSON.parse(figure.querySelector("script").textContent);
    var place = figure.querySelector("div");
    // No evaluation of code: expressions are interpreted, so the page's policy may forbid eval.
    window
      .vegaEmbed(place, spec, { actions: false, defaultStyle: false, renderer: "svg", ast: true, config: config, hover: !quiet, tooltip: { disableDefaultStyle: true } })
      .catch(function (error) {
        place.textContent = String(error);
      });
  });
})();

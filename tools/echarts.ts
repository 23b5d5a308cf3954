/**
 * The parts of ECharts that figures and dashboard use: what build.ts bundles for the package, a third of the whole.
 * Whoever uses another part adds it here. An absent one draws nothing and says nothing, so try-package.ts draws every
 * figure by this and by the whole, and compares.
 */
import { BarChart, HeatmapChart, LineChart, ParallelChart, ScatterChart } from 'echarts/charts';
import {
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  ParallelComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import { init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';

use([BarChart, HeatmapChart, LineChart, ParallelChart, ScatterChart]);
use([
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  ParallelComponent,
  TooltipComponent,
  VisualMapComponent,
]);
use([LabelLayout, CanvasRenderer, SVGRenderer]);

export { init };

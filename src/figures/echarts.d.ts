/** The one-file build of ECharts has no types of its own; what is used of it is listed here. */
declare module 'echarts/dist/echarts.esm.min.mjs' {
  export { init } from 'echarts';
}

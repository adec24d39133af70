namespace DiffusionMesh.Cli.Report;

/// <summary>The style sheet of the report: for light and dark screens, and for print.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root { color-scheme: light dark; --paper: #fbfbfa; --card: #fff; --ink: #1b1f24; --muted: #5b6470; --rule: #dfe3e8;
          --dot: #9aa4b0; --curve: #0b5cad; --winner: #c2410c; --real: #3f7d4e; --tint: #eef3f9; --s0: #1b1f24; --s1: #0b5cad;
          --s2: #c2410c; --s3: #3f7d4e; --s4: #8b3fa8; --s5: #a16207; --s6: #0e7490; --s7: #be185d; }
        @media (prefers-color-scheme: dark) { :root { --paper: #14171b; --card: #1b1f24; --ink: #e6e9ed; --muted: #9aa4b0;
          --rule: #343b44; --dot: #66717e; --curve: #6cb0f5; --winner: #f59e6b; --real: #7cc48d; --tint: #202a36; --s0: #e6e9ed; --s1: #6cb0f5;
          --s2: #f59e6b; --s3: #7cc48d; --s4: #c795e0; --s5: #d9b44a; --s6: #5cc3d6; --s7: #f08bb8; } }
        @media print { :root { color-scheme: light; --paper: #fff; } section { break-inside: avoid; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI",
          "DejaVu Sans", Arial, sans-serif; }
        main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 3rem; }
        h1 { font-size: 2rem; line-height: 1.2; letter-spacing: -.015em; margin: .1rem 0 .35rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.05rem; margin: 0 0 .9rem; }
        p { margin: 0 0 .6rem; }
        .kind { color: var(--curve); font-weight: 600; font-size: .8rem; letter-spacing: .06em; text-transform: uppercase; }
        .muted { color: var(--muted); }
        .failure { color: var(--winner); font-weight: 600; }
        section { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 1.25rem; margin-top: 1.25rem; }
        .hero { display: grid; grid-template-columns: minmax(0, 20rem) minmax(0, 1fr); gap: 1.75rem; align-items: start; }
        .pair { display: grid; grid-template-columns: 2fr 3fr; gap: 1.25rem; }
        @media (max-width: 44rem) { .hero, .pair { grid-template-columns: minmax(0, 1fr); } }
        figure { margin: 0; }
        img { display: block; width: 100%; image-rendering: pixelated; border-radius: 4px; background: #000; }
        .numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1.1rem; margin: 0; }
        .numbers dt { color: var(--muted); font-size: .82rem; }
        .numbers dd { margin: 0; font-size: 1.55rem; font-weight: 600; line-height: 1.25; font-variant-numeric: tabular-nums; }
        .numbers dd small { display: block; font-size: .8rem; font-weight: 400; color: var(--muted); }
        .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(6.1rem, 1fr)); gap: .75rem .6rem; }
        .numbers + h2, .others + h2 { margin: 1.6rem 0 .5rem; font-size: .95rem; }
        .grid figcaption { font-size: .76rem; line-height: 1.3; padding-top: .2rem; font-variant-numeric: tabular-nums; }
        .grid .chosen img { outline: 3px solid var(--winner); outline-offset: 1px; }
        .grid .chosen figcaption { color: var(--winner); font-weight: 600; }
        .others { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.25rem; }
        .others figure { width: 5.4rem; font-size: .76rem; }
        table { border-collapse: collapse; width: 100%; font-size: .88rem; }
        th, td { text-align: left; padding: .32rem .7rem .32rem 0; border-bottom: 1px solid var(--rule); vertical-align: top;
          overflow-wrap: anywhere; }
        th { font-weight: 500; color: var(--muted); }
        .facts th { width: 11rem; }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .total td, .total th { font-weight: 600; color: var(--ink); }
        .wide { overflow-x: auto; }
        .wide td, .wide th { overflow-wrap: normal; padding-right: 1.1rem; } .wide tr > th:first-child { min-width: 8rem; }
        tr.chosen td { background: var(--tint); font-weight: 600; }
        code, pre { font: .84rem/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
        pre { margin: 0; padding: .8rem 1rem; background: var(--tint); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
        pre span { white-space: nowrap; }
        summary { cursor: pointer; font-weight: 600; font-size: 1.05rem; }
        details[open] summary { margin-bottom: .9rem; }
        svg { display: block; width: 100%; height: auto; }
        svg .paper { fill: transparent; } svg .ink-text { fill: var(--ink); } svg .muted-text { fill: var(--muted); }
        svg .winner-text, svg .winner-fill { fill: var(--winner); } svg .winner-text { stroke: var(--card); } svg .dot-fill { fill: var(--dot); }
        svg .ink-line { stroke: var(--ink); } svg .grid-line { stroke: var(--rule); } svg .curve-line { stroke: var(--curve); }
        svg .real-line { stroke: var(--real); }
        svg .series0-line { stroke: var(--s0); } svg .series1-line { stroke: var(--s1); } svg .series2-line { stroke: var(--s2); }
        svg .series3-line { stroke: var(--s3); } svg .series4-line { stroke: var(--s4); } svg .series5-line { stroke: var(--s5); }
        svg .series6-line { stroke: var(--s6); } svg .series7-line { stroke: var(--s7); }
        svg .series0-fill { fill: var(--s0); } svg .series1-fill { fill: var(--s1); } svg .series2-fill { fill: var(--s2); }
        svg .series3-fill { fill: var(--s3); } svg .series4-fill { fill: var(--s4); } svg .series5-fill { fill: var(--s5); }
        svg .series6-fill { fill: var(--s6); } svg .series7-fill { fill: var(--s7); }
        .pictures th { width: 7rem; font-size: .8rem; } .pictures td { padding: .25rem; } .pictures img { max-width: 6.5rem; } .pictures thead th { width: auto; vertical-align: bottom; }
        tr.group > * { border-top: 2px solid var(--rule); } td.good { font-weight: 600; } td.bad { color: var(--winner); font-weight: 600; }
        small { color: var(--muted); font-weight: 400; }
        """;
}

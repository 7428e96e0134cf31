extension HTML {
    /// The page's style: dark or light as the reader's system, one column on narrow pages, text never below 11 pixels.
    static let style = """
        :root{color-scheme:light dark;--ink:#1b1f24;--paper:#fdfdfc;--card:#f3f4f1;--soft:#5a606b;--line:#d3d7dc;--good:#1d6b36;--bad:#a4361c;
        --c0:#1459b3;--c1:#b04a0c;--c2:#4a5560;--c3:#7a3f9d;--c4:#0b7566}
        @media(prefers-color-scheme:dark){:root{--ink:#e7e9ec;--paper:#14171a;--card:#1d2126;--soft:#a2aab5;--line:#3a414a;--good:#7fd598;--bad:#f59a80;
        --c0:#74b3ff;--c1:#f2a463;--c2:#b6bfca;--c3:#cda3ec;--c4:#63cdbb}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
        main{max-width:62rem;margin:0 auto;padding:1.2rem 1rem 3rem}
        h1{font-size:1.7rem;line-height:1.2;margin:.4rem 0 .6rem;overflow-wrap:anywhere}h2{font-size:1.2rem;margin:2.2rem 0 .4rem}h3{font-size:1rem;margin:.4rem 0 .1rem}
        header p{margin:.2rem 0;max-width:46rem}p{margin:.3rem 0;overflow-wrap:anywhere}.soft{color:var(--soft)}
        .headline,.warnings{background:var(--card);border-radius:10px;padding:1rem 1.2rem;margin:1.2rem 0}
        .big{font-size:clamp(2rem,8vw,3.2rem);line-height:1.15;font-weight:650;margin:.1rem 0;font-variant-numeric:tabular-nums}
        .delta{font-size:1.15rem}.reading{max-width:46rem}
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(11.5rem,1fr));gap:.5rem 1.2rem;margin:.9rem 0}
        .facts dt{color:var(--soft);font-size:.88rem}.facts dd{margin:0}
        .warnings{border-left:5px solid var(--bad)}.warnings h2{margin:0;font-size:1rem}.warnings ul{margin:.3rem 0;padding-left:1.2rem}
        figure{margin:0}.large{margin-top:2rem}.large h2{margin-top:0}figcaption p{font-size:.9rem;max-width:46rem}
        .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,18.5rem),1fr));gap:1.4rem 1.8rem}
        .legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;padding:0;margin:.4rem 0;font-size:.9rem}
        .key{vertical-align:middle;overflow:visible}
        .plot{position:relative;height:21rem;margin:.5rem 1.2rem 1.7rem 3.6rem}.small .plot{height:9.5rem}
        .plot svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible;display:block}
        .plot span{position:absolute;font-size:.8rem;line-height:1;color:var(--soft);white-space:nowrap;font-variant-numeric:tabular-nums}
        .plot .y{right:100%;margin-right:.5rem;transform:translateY(50%)}.plot .x{top:100%;margin-top:.5rem;transform:translateX(-50%)}
        .axis{font-size:.8rem;margin:.1rem 0}.under{text-align:center;margin-top:-.2rem}
        svg path{vector-effect:non-scaling-stroke;fill:none}
        .k0{stroke:var(--c0)}.k1{stroke:var(--c1)}.k2{stroke:var(--c2)}.k3{stroke:var(--c3)}.k4{stroke:var(--c4)}
        .grid{stroke:var(--line);stroke-width:1}.curve{stroke-width:2.2;stroke-linejoin:round}
        .mark{stroke-width:8;stroke-linecap:round}.hole{stroke:var(--paper);stroke-width:4;stroke-linecap:round}
        .mark.square{stroke-width:7;stroke-linecap:square}.hole.square{stroke-width:3.4;stroke-linecap:square}.whisker{stroke-width:1.4}
        svg .band{stroke:none;opacity:.17}.band.k0{fill:var(--c0)}.band.k1{fill:var(--c1)}.band.k2{fill:var(--c2)}.band.k3{fill:var(--c3)}.band.k4{fill:var(--c4)}
        details{margin:.3rem 0}summary{cursor:pointer;color:var(--soft);font-size:.9rem}
        table{border-collapse:collapse;font-size:.92rem;margin:.3rem 0}th,td{border-bottom:1px solid var(--line);padding:.28rem .8rem .28rem 0;text-align:left;vertical-align:top}
        tbody th{font-weight:400}thead th{font-weight:600}.numbers td,.numbers th{font-variant-numeric:tabular-nums}td{overflow-wrap:anywhere}
        .scroll{overflow-x:auto}code,pre{font-family:ui-monospace,"SF Mono","DejaVu Sans Mono",monospace;font-size:.88rem}
        pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:4}
        .samples{list-style:none;padding:0;margin:.6rem 0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,26rem),1fr));gap:.9rem}
        .samples li{border:1px solid var(--line);border-radius:8px;padding:.6rem .8rem}.problem{margin-bottom:.5rem}.problem p{font-size:.85rem;margin:.1rem 0}
        .pair{display:grid;grid-template-columns:1fr 1fr;gap:.8rem}.pair>div{border-top:3px solid;padding-top:.3rem;min-width:0}
        .pair p{font-size:.85rem;color:var(--ink)}.right{border-color:var(--good)}.wrong{border-color:var(--bad)}.right span{color:var(--good)}.wrong span{color:var(--bad)}
        .wrong{border-top-style:dashed!important}
        .route{display:grid;grid-template-columns:minmax(6.5rem,auto) 1fr;gap:.2rem 1rem;font-size:.92rem;margin:.3rem 0 1rem}
        .route dt{color:var(--soft)}.route dd{margin:0;overflow-wrap:anywhere}
        .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}footer{margin-top:2.4rem;font-size:.88rem}
        @media(max-width:34rem){.plot{height:15rem}.route{grid-template-columns:1fr}.route dd{margin-bottom:.4rem}}
        @media print{.headline,.warnings,.samples li,figure{break-inside:avoid}}

        """
}

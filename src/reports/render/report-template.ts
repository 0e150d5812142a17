import { LIGHT } from '../palette.ts';
import { FONTS } from './fonts/font-list.ts';

const tone = (name: keyof typeof LIGHT.tone) =>
  `${name}: (text: rgb("${LIGHT.tone[name].text}"), ground: rgb("${LIGHT.tone[name].ground}"))`;

const families = [...new Set(FONTS.map(({ family }) => `"${family}"`))].join(', ');

/**
 * The report's page in Typst 0.14. All that a paper says comes in as JSON (`sys.inputs.paper`) and is set as strings,
 * never read as markup, so no text of an alert can become a command. The fonts are those of Casewire alone, under names
 * that no machine knows: the typesetter also looks at the machine's fonts and cannot be told not to. A word that is wider
 * than the place it stands in is divided into parts that fit.
 */
export const REPORT_TEMPLATE = `
#let paper = json(bytes(sys.inputs.paper))
#let ink = rgb("${LIGHT.ink}")
#let quiet = rgb("${LIGHT.quiet}")
#let hair = rgb("${LIGHT.line}")
#let edge = rgb("${LIGHT.edge}")
#let accent = rgb("${LIGHT.accent}")
#let tones = (${tone('good')}, ${tone('attention')}, ${tone('bad')})

#let parts(word, width) = {
  let letters = word.clusters()
  let wide = measure(word).width
  if wide <= width or width <= 0pt or letters.len() < 2 { (word,) }
  else { letters.chunks(calc.max(1, calc.floor(letters.len() * width / wide))).map(part => parts(part.join(), width)).flatten() }
}
// A zero-width space is where a line may end.
#let fitting(words, width) = words.split(" ").map(word => parts(word, width).join("\u{200b}")).join(" ")
// Half of the page's width, less what bold letters take more: such a part fits into a line whatever stands around it.
#let half = (if paper.size == "a4" { 172mm } else { 177.9mm }) * 45%
#let said(words) = context fitting(words, half)
#let mark(name) = {
  let colour = tones.at(name).text
  box(width: 0.62em, height: 0.6em, {
    if name == "good" { place(curve(stroke: 0.12em + colour, curve.move((0.02em, 0.32em)), curve.line((0.22em, 0.52em)), curve.line((0.56em, 0.06em)))) }
    else if name == "attention" { place(polygon(fill: colour, (0em, 0.58em), (0.3em, 0.02em), (0.6em, 0.58em))) }
    else { place(dx: 0.04em, dy: 0.06em, rect(width: 0.5em, height: 0.5em, fill: colour)) }
  })
  h(0.35em)
}
#let toned(name, words) = if name == "plain" { words } else {
  mark(name)
  text(fill: tones.at(name).text, weight: "bold", words)
}
#let code(words) = context raw(fitting(words, half))
#let linked(words, url) = if url == none { words } else { link(url, words) }
// In a column, of which only the layout knows how wide it is.
#let within(words, tone: "plain", url: none) = layout(size => {
  toned(tone, linked(fitting(words, if tone == "plain" { size.width } else { (size.width - 1em.to-absolute()) * 92% }), url))
})

#set document(title: paper.heading, date: auto)
#set page(
  paper: paper.size,
  margin: (x: 19mm, top: 22mm, bottom: 20mm),
  header: context if counter(page).get().first() > 1 {
    set text(size: 8.5pt, fill: quiet)
    grid(columns: (1fr, auto), column-gutter: 8pt, within(paper.scope), box(width: half, align(right, within(paper.running))))
    v(-4pt)
    line(length: 100%, stroke: 0.4pt + hair)
  },
  footer: context {
    set text(size: 8.5pt, fill: quiet)
    grid(columns: (1fr, auto), paper.foot, [Page #counter(page).display() of #counter(page).final().first()])
  },
)
#let families = (${families})
#set text(font: families, fallback: false, size: 10pt, fill: ink, lang: "en", number-type: "lining", hyphenate: false)
#set par(leading: 0.6em, spacing: 0.9em)
#show raw: set text(font: families, fallback: false, size: 1.25em, fill: ink, ligatures: false)
#show link: set text(fill: accent)
#show heading: set block(sticky: true)
#show heading.where(level: 1): it => block(above: 22pt, below: 10pt, width: 100%, sticky: true, {
  text(size: 15pt, weight: "bold", said(it.body.text))
})
#show heading.where(level: 2): it => block(above: 14pt, below: 6pt, sticky: true, text(size: 11.5pt, weight: "bold", said(it.body.text)))

#let runs(pieces) = for piece in pieces {
  if piece.kind == "strong" { strong(said(piece.text)) }
  else if piece.kind == "link" { linked(said(piece.text), piece.url) }
  else if piece.kind == "code" { code(piece.text) }
  else { said(piece.text) }
}
#let trace(from) = if from != none {
  block(above: 6pt, below: 12pt, {
    set text(size: 7.5pt, fill: quiet)
    set par(leading: 0.5em)
    if from.population != none [#said(from.population) ]
    if from.jql != none [In Jira: #code(from.jql)]
    if from.annexed [In Jira: by the query in the annex.]
  })
}
#let caption(title, words) = block(above: 14pt, below: 6pt, sticky: true, {
  strong(said(title))
  if words != "" { h(0.6em); text(size: 9pt, fill: quiet, said(words)) }
})

#let notice(it) = block(width: 100%, above: 10pt, below: 10pt, inset: (x: 10pt, y: 8pt), fill: tones.at(it.tone).ground, stroke: (left: 3pt + tones.at(it.tone).text), breakable: false, {
  mark(it.tone)
  text(fill: tones.at(it.tone).text, weight: "bold", said(it.title))
  parbreak()
  runs(it.runs)
})

#let abreast(n) = if n <= 5 { n } else if calc.rem(n, 4) == 0 { 4 } else if calc.rem(n, 3) == 0 { 3 } else if calc.rem(n, 5) == 0 { 5 } else { 4 }
#let figures(it) = {
  block(above: 12pt, below: 6pt, breakable: false, grid(
    columns: (1fr,) * abreast(it.figures.len()),
    column-gutter: 14pt,
    row-gutter: 12pt,
    ..it.figures.map(one => block(width: 100%, stroke: (top: 0.5pt + edge), inset: (top: 5pt), {
      set par(leading: 0.45em, spacing: 0.5em)
      text(size: 8.5pt, fill: quiet, within(one.label))
      parbreak()
      block(height: if one.wide { auto } else { 11pt }, align(bottom, text(size: if one.long { 11pt } else { 15pt }, weight: "bold", top-edge: "cap-height", within(one.text, tone: one.tone))))
      if one.note != none { parbreak(); text(size: 8.5pt, fill: quiet, within(one.note)) }
    })),
  ))
  trace(it.trace)
}

#let chart(it) = {
  block(breakable: false, above: 14pt, below: 6pt, {
    caption(it.title, it.caption)
    image(bytes(it.svg), format: "svg", alt: it.says, width: 100%)
  })
  trace(it.trace)
}

#let grid-table(it) = {
  if it.rows.len() == 0 {
    block(above: 12pt, { strong(said(it.caption + ". ")); text(fill: quiet, said(it.empty)) })
  } else {
    caption(it.caption, "")
    set text(size: 8.8pt)
    set par(leading: 0.5em)
    // Across the whole page few columns would part what belongs together.
    block(width: if it.columns.len() <= 3 { 72% } else { 100% }, table(
      columns: it.columns.map(column => if column.fits { auto } else { column.weight * 1fr }),
      align: it.columns.map(column => if column.align == "right" { right } else { left }),
      inset: (x, y) => (left: if x == 0 { 0pt } else { 5pt }, right: if x == it.columns.len() - 1 { 0pt } else { 5pt }, y: 4pt),
      stroke: (x, y) => (bottom: if y == 0 { 0.6pt + ink } else { 0.4pt + hair }),
      table.header(..it.columns.map(column => text(size: 8.2pt, fill: quiet, within(column.title)))),
      ..it.rows.flatten().map(cell => within(cell.text, tone: cell.tone, url: cell.url)),
    ))
  }
  trace(it.trace)
}

#let timeline(it) = block(above: 8pt, grid(
  columns: (30mm, 1fr),
  row-gutter: 0pt,
  ..it.steps.map(step => (
    block(inset: (y: 3pt), text(size: 9pt, fill: quiet, within(step.at))),
    block(width: 100%, inset: (left: 10pt, y: 3pt), stroke: (left: 0.8pt + edge), {
      place(dx: -12.5pt, dy: 2.5pt, circle(radius: 2.5pt, fill: accent, stroke: none))
      runs(step.text)
    }),
  )).flatten(),
))

#block(below: 14pt, {
  text(size: 12pt, fill: accent, weight: "bold", said(paper.scope))
  v(-3pt)
  title(text(size: 22pt, weight: "bold", said(paper.heading)))
  v(-4pt)
  set text(size: 9pt, fill: quiet)
  said(paper.span)
  linebreak()
  said(paper.about)
  v(2pt)
  line(length: 100%, stroke: 1.2pt + ink)
})

#let say(it) = {
  if it.block == "heading" { heading(level: it.level, it.text) }
  else if it.block == "text" { par(runs(it.runs)) }
  else if it.block == "list" { list(indent: 0pt, body-indent: 6pt, spacing: 0.7em, marker: text(fill: quiet, "•"), ..it.items.map(runs)) }
  else if it.block == "notice" { notice(it) }
  else if it.block == "figures" { figures(it) }
  else if it.block == "chart" { chart(it) }
  else if it.block == "table" { grid-table(it) }
  else if it.block == "timeline" { timeline(it) }
}

#for it in paper.blocks { say(it) }

#if paper.annex.len() > 0 {
  if paper.short { v(10pt); line(length: 100%, stroke: 1.2pt + ink) } else { pagebreak(weak: true) }
  set text(size: 9pt)
  for it in paper.annex { say(it) }
}
`;

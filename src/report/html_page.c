/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/html_page.h"

#include "table/digest.h"
#include "text/markup.h"

#include <string.h>

/* Colours have a contrast of 7 and more on their ground, light and dark. Figures are
 * drawn in black on white; a dark page turns their lightness around and keeps their
 * hues. */
static const char style[] =
    "\n:root{color-scheme:light dark;--ink:#1a1a1a;--paper:#fff;--soft:#4a4a4a;"
    "--line:#b8b8b8;--band:#f2f4f7;--link:#0b4a8f}\n"
    "@media (prefers-color-scheme:dark){:root{--ink:#e8e8e8;--paper:#16181c;"
    "--soft:#c0c4ca;--line:#4c525b;--band:#22262c;--link:#9cc7ff}}\n"
    "body{font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Liberation Sans',"
    "Arial,sans-serif;color:var(--ink);background:var(--paper);margin:0}\n"
    "main{max-width:64rem;margin:0 auto;padding:1rem 1.25rem 3rem}\n"
    "h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0 1rem}\n"
    "h2{font-size:1.2rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line)}\n"
    "a{color:var(--link)}p{max-width:44rem}\n"
    "dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;"
    "gap:.25rem 1.25rem;margin:.5rem 0}\n"
    "dt{font-weight:600}dd{margin:0;max-width:44rem}\n"
    "h1,h2,p,dd,li,td,th{overflow-wrap:anywhere}\n"
    ".wide{overflow-x:auto;margin:.5rem 0}\n"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums;"
    "font-size:.92rem}\n"
    "caption{text-align:left;font-weight:600;padding:.25rem 0}\n"
    "th,td{padding:.2rem .7rem;text-align:left;vertical-align:top;font-weight:400;"
    "max-width:24rem}\n"
    "thead th{font-weight:600;vertical-align:bottom;"
    "border-bottom:1.5px solid var(--ink)}\n"
    "tbody tr:nth-child(even){background:var(--band)}\n"
    "tr.section th{font-weight:600;padding-top:.7rem;background:var(--paper)}\n"
    ".n{text-align:right;white-space:nowrap;overflow-wrap:normal}\n"
    "figure{margin:.5rem 0}svg{max-width:100%;height:auto}\n"
    "footer{color:var(--soft);font-size:.85rem;margin-top:3rem}\n"
    "@media screen and (prefers-color-scheme:dark){svg .page{fill:none}"
    "svg{filter:invert(.91) hue-rotate(180deg)}}\n"
    "@page{margin:15mm}\n"
    "@media print{:root{--ink:#000;--paper:#fff;--soft:#333;--line:#999;--band:#fff}"
    "main{max-width:none;padding:0}body{font-size:10pt}nav{display:none}"
    "h2,h3,h2+p,h3+p{break-after:avoid}tr,dl>*,figure{break-inside:avoid}"
    "svg{max-height:24cm}.long{break-inside:auto}.long "
    "svg{max-height:none;display:block}"
    "h2:has(+.long),p:has(+.long){break-after:auto}"
    ".wide{overflow:visible}thead{display:table-header-group}}\n";

/* In millimetres: what shrinks to two thirds on a page of 240. */
static const double long_figure = 360.0;

/* 'sha256-...', by which the policy allows what stands in an element. */
static void add_hash(mtp_strbuf *out, const char *first, const char *second)
{
    char text[MTP_DIGEST_BASE64];
    mtp_digest digest;

    mtp_digest_init(&digest);
    mtp_digest_add(&digest, first, strlen(first));
    mtp_digest_add(&digest, second, strlen(second));
    mtp_digest_end_base64(&digest, text);
    mtp_strbuf_printf(out, "'sha256-%s'", text);
}

static void add_policy(mtp_strbuf *out, const mtp_html_head *head)
{
    mtp_strbuf_add(out, "<meta http-equiv=\"Content-Security-Policy\" "
                        "content=\"default-src 'none'; style-src ");
    add_hash(out, style, head->style);
    if (*head->script) {
        mtp_strbuf_add(out, "; script-src ");
        add_hash(out, head->script, "");
    }
    mtp_strbuf_add(out, "; base-uri 'none'; form-action 'none'\">\n");
}

bool mtp_html_is_long(double height)
{
    return height > long_figure;
}

void mtp_html_figure(mtp_strbuf *out, const char *svg, double height)
{
    mtp_strbuf_printf(out, "<figure class=\"wide%s\" tabindex=\"0\">\n",
                      mtp_html_is_long(height) ? " long" : "");
    mtp_strbuf_add(out, svg);
    mtp_strbuf_add(out, "</figure>\n");
}

void mtp_html_begin(mtp_strbuf *out, const mtp_html_head *head)
{
    mtp_strbuf_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                        "<meta charset=\"utf-8\">\n");
    add_policy(out, head);
    mtp_strbuf_add(out, "<meta name=\"viewport\" "
                        "content=\"width=device-width, initial-scale=1\">\n<title>");
    mtp_markup_add(out, head->title);
    mtp_strbuf_printf(out, "</title>\n<style>%s%s</style>\n</head>\n<body>\n<main>\n",
                      style, head->style);
}

void mtp_html_end(mtp_strbuf *out, const mtp_html_head *head)
{
    mtp_strbuf_add(out, "</main>\n");
    if (*head->script) {
        mtp_strbuf_printf(out, "<script>%s</script>\n", head->script);
    }
    mtp_strbuf_add(out, "</body>\n</html>\n");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Items 13 and 20 of PRISMA 2020 (Page et al. 2021, doi:10.1136/bmj.n71): where the
 * page answers them. */
#include "metapool/bias_analysis.h"

#include "page/page.h"

typedef struct item {
    const char *number, *asks;
    const char *section[3];                     /* where the answer is; NULL: none */
    bool (*is_answered)(const mtp_page_work *); /* NULL: always, where sections are */
    const char *rest;                           /* what the page cannot know, or NULL */
} item;

static bool has_subgroups(const mtp_page_work *page)
{
    return page->pool.bundle->pool->n_groups > 0;
}

static bool has_sensitivity(const mtp_page_work *page)
{
    const mtp_bundle *bias = page->bias.bundle;

    return page->sensitivity.bundle || page->comparison.bundle ||
           (bias && bias->bias->answered);
}

static bool has_estimate(const mtp_page_work *page)
{
    return page->pool.bundle->pool->overall.exists;
}

static const item items[] = {
    {"13a",
     "how it was decided which studies go into each synthesis",
     {NULL},
     NULL,
     "eligibility is told by the review"},
    {"13b",
     "how data were prepared: missing statistics, conversions",
     {"methods", "rows", "notes"},
     NULL,
     NULL},
    {"13c",
     "how single studies and syntheses are tabulated and drawn",
     {"study-data", "forest"},
     NULL,
     NULL},
    {"13d",
     "how results were synthesized, and why so; model, heterogeneity, software",
     {"methods", "options"},
     NULL,
     "the reasons for the choices"},
    {"13e",
     "how causes of heterogeneity were explored",
     {"methods"},
     has_subgroups,
     NULL},
    {"13f", "which sensitivity analyses were made", {"methods"}, has_sensitivity, NULL},
    {"20a",
     "characteristics and risk of bias of the studies in each synthesis",
     {NULL},
     NULL,
     "the page knows the studies by their results"},
    {"20b",
     "results of the synthesis: estimate, precision, heterogeneity, direction",
     {"summary", "heterogeneity"},
     has_estimate,
     NULL},
    {"20c", "results on causes of heterogeneity", {"subgroups"}, has_subgroups, NULL},
    {"20d",
     "results of the sensitivity analyses",
     {"sensitivity", "small-studies"},
     has_sensitivity,
     NULL},
};

static void write_answer(mtp_page_work *page, const item *i)
{
    bool answered = i->section[0] && (!i->is_answered || i->is_answered(page));

    mtp_strbuf_add(page->out, answered ? "<td>\342\234\223</td><td>"
                                       : "<td>\342\200\223</td><td>not answered here");
    for (size_t s = 0; answered && s < 3 && i->section[s]; s++) {
        mtp_strbuf_printf(page->out, "%s<a href=\"#%s\">%s</a>", s > 0 ? ", " : "",
                          i->section[s], mtp_page_section_title(i->section[s]));
    }
    if (i->rest) {
        mtp_strbuf_printf(page->out, answered ? "; not answered here: %s" : ": %s",
                          i->rest);
    }
    mtp_strbuf_add(page->out, "</td>");
}

void mtp_page_write_prisma(mtp_page_work *page)
{
    mtp_strbuf_add(
        page->out,
        "<div class=\"wide\" tabindex=\"0\">\n<table>\n<thead>\n<tr>"
        "<th scope=\"col\">Item</th><th scope=\"col\">It asks</th>"
        "<th scope=\"col\">Here</th><th scope=\"col\">Answered in</th></tr>\n"
        "</thead>\n<tbody>\n");
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        mtp_strbuf_printf(page->out, "<tr><th scope=\"row\">%s</th><td>%s</td>",
                          items[i].number, items[i].asks);
        write_answer(page, &items[i]);
        mtp_strbuf_add(page->out, "</tr>\n");
    }
    mtp_strbuf_add(page->out, "</tbody>\n</table>\n</div>\n");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the methods rest on: the sources of docs/methods.md by what they are the source
 * of. */
#include "page/page.h"
#include "text/markup.h"

#include <string.h>

typedef struct source {
    const char *key, *text; /* "KIND:ID"; several keys may have the same text */
    const char *doi;        /* NULL: none */
} source;

/* clang-format off */
static const source sources[] = {
    {"method:inverse", "DerSimonian & Kacker (2007)", "10.1016/j.cct.2006.04.004"},
    {"method:mh", "Mantel & Haenszel (1959), J Natl Cancer Inst 22:719-748", NULL},
    {"method:peto", "Yusuf et al. (1985)", "10.1016/s0033-0620(85)80003-7"},
    {"method:glmm", "Stijnen, Hamza & \303\226zdemir (2010)", "10.1002/sim.4040"},
    {"method:betabinomial", "Griffiths (1973)", "10.2307/2529131"},
    {"mh:OR", "Robins, Breslow & Greenland (1986)", "10.2307/2531052"},
    {"mh:RR", "Greenland & Robins (1985)", "10.2307/2530643"},
    {"mh:IRR", "Greenland & Robins (1985)", "10.2307/2530643"},
    {"mh:IRD", "Greenland & Robins (1985)", "10.2307/2530643"},
    {"mh:RD", "Sato (1989)", "10.2307/2531784"},
    {"tau2:REML", "Harville (1977)", "10.1080/01621459.1977.10480998"},
    {"tau2:ML", "Harville (1977)", "10.1080/01621459.1977.10480998"},
    {"tau2:DL", "DerSimonian & Laird (1986)", "10.1016/0197-2456(86)90046-2"},
    {"tau2:PM", "Paule & Mandel (1982)", "10.6028/jres.087.022"},
    {"tau2:PMM", "Viechtbauer (2021), Median-unbiased estimators for the amount of heterogeneity in "
                 "meta-analysis, European Congress of Methodology, Valencia", NULL},
    {"tau2:EB", "Morris (1983)", "10.1080/01621459.1983.10477920"},
    {"tau2:HE", "Cochran (1954)", "10.2307/3001666"},
    {"tau2:HS", "Viechtbauer (2005)", "10.3102/10769986030003261"},
    {"tau2:HSk", "Brannick, Potter, Benitez & Morris (2019)", "10.1177/1094428117741966"},
    {"tau2:SJ", "Sidik & Jonkman (2005)", "10.1111/j.1467-9876.2005.00489.x"},
    {"tau2:SJIT", "Sidik & Jonkman (2005)", "10.1111/j.1467-9876.2005.00489.x"},
    {"tau2:DLIT", "Paule & Mandel (1982)", "10.6028/jres.087.022"},
    {"tau2:GENQ", "DerSimonian & Kacker (2007)", "10.1016/j.cct.2006.04.004"},
    {"tau2:GENQM", "Viechtbauer (2021), Median-unbiased estimators for the amount of heterogeneity in "
                   "meta-analysis, European Congress of Methodology, Valencia", NULL},
    {"tau2:DL2", "DerSimonian & Kacker (2007)", "10.1016/j.cct.2006.04.004"},
    {"tau2:CA2", "DerSimonian & Kacker (2007)", "10.1016/j.cct.2006.04.004"},
    {"ci:hksj", "Knapp & Hartung (2003)", "10.1002/sim.1482"},
    {"ci:hksj-adhoc", "Knapp & Hartung (2003)", "10.1002/sim.1482"},
    {"ci:hksj-wide", "Knapp & Hartung (2003)", "10.1002/sim.1482"},
    {"ci:kr", "Kenward & Roger (1997)", "10.2307/2533558"},
    {"ci:pl", "Hardy & Thompson (1996)",
     "10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A"},
    {"ci:hc", "Henmi & Copas (2010)", "10.1002/sim.4029"},
    {"ci:robust", "Hedges, Tipton & Johnson (2010)", "10.1002/jrsm.5"},
    {"pi:v", "Higgins, Thompson & Spiegelhalter (2009)", "10.1111/j.1467-985X.2008.00552.x"},
    {"pi:hts", "Higgins, Thompson & Spiegelhalter (2009)", "10.1111/j.1467-985X.2008.00552.x"},
    {"pi:hk", "Partlett & Riley (2017)", "10.1002/sim.7140"},
    {"pi:hk-pr", "Partlett & Riley (2017)", "10.1002/sim.7140"},
    {"pi:kr", "Partlett & Riley (2017)", "10.1002/sim.7140"},
    {"pi:kr-pr", "Partlett & Riley (2017)", "10.1002/sim.7140"},
    {"pi:nnf", "Nagashima, Noma & Furukawa (2019)", "10.1177/0962280218773520"},
    {"tau2-ci:qp", "Viechtbauer (2007)", "10.1002/sim.2514"},
    {"tau2-ci:j", "Jackson (2013)", "10.1002/jrsm.1081"},
    {"tau2-ci:bj", "Biggerstaff & Jackson (2008)", "10.1002/sim.3428"},
    {"tau2-ci:pl", "Hardy & Thompson (1996)",
     "10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A"},
    {"part:I2", "Higgins & Thompson (2002)", "10.1002/sim.1186"},
    {"part:levels", "Konstantopoulos (2011)", "10.1002/jrsm.35"},
    {"part:subgroups", "Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to "
                       "Meta-Analysis, ch. 19", "10.1002/9780470743386"},
    {"part:influence", "Viechtbauer & Cheung (2010)", "10.1002/jrsm.11"},
    {"part:compare", "Simonsohn, Simmons & Nelson (2020)", "10.1038/s41562-020-0912-z"},
    {"part:trim-fill", "Duval & Tweedie (2000)", "10.1111/j.0006-341X.2000.00455.x"},
    {"part:absolute", "Guyatt et al. (2013)", "10.1016/j.jclinepi.2012.01.012"},
    {"part:absolute-hazard", "Skoetz et al. (2020)", "10.1016/j.jclinepi.2019.10.015"},
    {"part:prisma", "Page et al. (2021)", "10.1136/bmj.n71"},
    {"test:egger", "Egger et al. (1997)", "10.1136/bmj.315.7109.629"},
    {"test:begg", "Begg & Mazumdar (1994)", "10.2307/2533446"},
    {"test:peters", "Peters et al. (2006)", "10.1001/jama.295.6.676"},
    {"test:harbord", "Harbord, Egger & Sterne (2006)", "10.1002/sim.2380"},
    {"test:pustejovsky", "Pustejovsky & Rodgers (2019)", "10.1002/jrsm.1332"},
};
/* clang-format on */

enum { SOURCES = sizeof sources / sizeof *sources };

static bool is_key(const char *key, const char *kind, const char *id)
{
    size_t length = strlen(kind);

    return strncmp(key, kind, length) == 0 && key[length] == ':' &&
           strcmp(key + length + 1, id) == 0;
}

/* The number of a source, from 1, given when it is first cited. */
static size_t number_of(mtp_page_work *page, size_t which)
{
    for (size_t i = 0; i < page->n_cited; i++) {
        if (strcmp(sources[page->cited[i]].text, sources[which].text) == 0) {
            return i + 1;
        }
    }
    if (page->n_cited < MTP_PAGE_CITED) {
        page->cited[page->n_cited++] = which;
    }
    return page->n_cited;
}

void mtp_page_cite(mtp_page_work *page, const char *kind, const char *id)
{
    for (size_t i = 0; i < SOURCES; i++) {
        if (is_key(sources[i].key, kind, id)) {
            size_t number = number_of(page, i);

            mtp_strbuf_printf(page->out, " <a href=\"#source-%zu\">[%zu]</a>", number,
                              number);
            return;
        }
    }
}

/* A DOI may hold what an address may not. */
static void add_address(mtp_strbuf *out, const char *doi)
{
    for (; *doi; doi++) {
        mtp_strbuf_add(out, *doi == '<' ? "%3C" : *doi == '>' ? "%3E" : "");
        if (*doi != '<' && *doi != '>') {
            mtp_strbuf_add_char(out, *doi);
        }
    }
}

static void write_source(mtp_strbuf *out, size_t number, const source *s)
{
    mtp_strbuf_printf(out, "<li id=\"source-%zu\">", number);
    mtp_markup_add(out, s->text);
    if (s->doi) {
        mtp_strbuf_add(out, ", <a rel=\"noreferrer\" href=\"https://doi.org/");
        add_address(out, s->doi);
        mtp_strbuf_add(out, "\">doi:");
        mtp_markup_add(out, s->doi);
        mtp_strbuf_add(out, "</a>");
    }
    mtp_strbuf_add(out, "</li>\n");
}

void mtp_page_write_sources(mtp_page_work *page)
{
    mtp_strbuf_add(page->out, "<ol>\n");
    for (size_t i = 0; i < page->n_cited; i++) {
        write_source(page->out, i + 1, &sources[page->cited[i]]);
    }
    mtp_strbuf_add(page->out, "</ol>\n");
}

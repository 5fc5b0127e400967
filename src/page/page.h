/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PAGE_PAGE_H
#define MTP_PAGE_PAGE_H

#include "metapool/page.h"

#include "report/html_page.h"

/** An analysis of the page: its result, or why there is none. */
typedef struct mtp_page_part {
    mtp_bundle *bundle;
    mtp_error error; /* without a bundle */
} mtp_page_part;

enum { MTP_PAGE_CITED = 48, MTP_PAGE_RISKS = 20 };

/** The page on its way from analyses to bytes. */
typedef struct mtp_page_work {
    const mtp_request *request; /* with the defaults of its profile */
    mtp_page_part pool, sensitivity, comparison, bias, funnel, curve;
    size_t n_risks; /* --baseline-risk */
    double risk[MTP_PAGE_RISKS];
    int digits;
    mtp_arena *arena;
    mtp_strbuf *out;
    const char *title; /* of the section that is open */
    size_t n_cited;    /* sources in the order of their numbers */
    size_t cited[MTP_PAGE_CITED];
} mtp_page_work;

/* run.c */

/** Run every analysis of the page. On failure nothing is to be freed. */
mtp_status mtp_page_run(mtp_page_work *page, const mtp_table *table,
                        mtp_problems *problems, mtp_error *err);
void mtp_page_free_parts(mtp_page_work *page);

/* write.c */

/** The result is told by the common effect, as `sensitivity` has it: equal effects,
 *  Mantel-Haenszel, Peto, or no estimate of random effects. */
bool mtp_page_is_common(const mtp_page_work *page);
/** The estimate is that of one study: nothing is pooled. */
bool mtp_page_is_one_study(const mtp_page_work *page);

void mtp_page_begin(mtp_document *doc, const mtp_page_work *page);
/** The blocks of a document, headings on level 3, a heading that repeats the section's
 *  title left out; the id of its last table, to be sorted, or NULL. */
void mtp_page_put(mtp_page_work *page, const mtp_document *doc, const char *table_id);
/** A paragraph that says why a part has no answer. */
void mtp_page_put_absence(mtp_page_work *page, const char *what,
                          const mtp_page_part *part);
/** The notes of an analysis that those of the pooled one do not hold. */
void mtp_page_put_notes(mtp_page_work *page, const char *heading,
                        const mtp_bundle *bundle);

/* summary.c */
void mtp_page_write_summary(mtp_page_work *page);

/* parts.c: sections, in the order of the page */
void mtp_page_write_forest(mtp_page_work *page);
void mtp_page_write_studies(mtp_page_work *page);
void mtp_page_write_heterogeneity(mtp_page_work *page);
void mtp_page_write_subgroups(mtp_page_work *page);
void mtp_page_write_sensitivity(mtp_page_work *page);
void mtp_page_write_small_studies(mtp_page_work *page);
void mtp_page_write_rows(mtp_page_work *page);
void mtp_page_write_notes(mtp_page_work *page);
void mtp_page_write_options(mtp_page_work *page);

/* absolute.c */

/** Absolute effects exist for the measure. */
bool mtp_page_has_absolute(const mtp_page_work *page);
/** The risks of --baseline-risk, checked, into the page. */
mtp_status mtp_page_read_risks(mtp_page_work *page, mtp_error *err);
void mtp_page_write_absolute(mtp_page_work *page);

/** The risk with an effect on the natural scale, and the difference that it makes; NaN
 *  where the effect makes no risk of this one. */
typedef struct mtp_page_risk {
    double risk, difference;
} mtp_page_risk;
mtp_page_risk mtp_page_risk_with(mtp_measure measure, double baseline, double effect);

/* methods.c, sources.c */
void mtp_page_write_methods(mtp_page_work *page);
/** " [3]" for a source by its id ("tau2:REML"); nothing for an id without a source. */
void mtp_page_cite(mtp_page_work *page, const char *kind, const char *id);
/** The sources that were cited. */
void mtp_page_write_sources(mtp_page_work *page);

/* page.c */
const char *mtp_page_section_title(const char *id);

/* prisma.c */
void mtp_page_write_prisma(mtp_page_work *page);

/* look.c */
extern const char mtp_page_style[], mtp_page_script[];

#endif

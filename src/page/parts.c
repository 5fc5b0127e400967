/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sections made of the documents that the commands write. */
#include "metapool/figure.h"
#include "metapool/report.h"
#include "metapool/sensitivity_analysis.h"
#include "metapool/version.h"

#include "analysis/labbe.h"
#include "analysis/options.h"
#include "page/page.h"
#include "plot/forest_figure.h"
#include "report/builders.h"

/* What A4 and US letter have room for within margins of 15 mm and below a heading. */
#define POINTS_PER_MM 2.8346456692913386
#define PRINT_WIDTH   (180.0 * POINTS_PER_MM)
#define PRINT_HEIGHT  (225.0 * POINTS_PER_MM)

static void put_built(mtp_page_work *page, const mtp_bundle *bundle,
                      void (*build)(mtp_document *, const mtp_bundle *),
                      const char *table_id)
{
    mtp_document doc;

    mtp_page_begin(&doc, page);
    build(&doc, bundle);
    mtp_page_put(page, &doc, table_id);
}

static void put_sentence(mtp_page_work *page, const char *sentence)
{
    mtp_document doc;

    mtp_page_begin(&doc, page);
    mtp_doc_paragraph(&doc);
    mtp_doc_text(&doc, "%s", sentence);
    mtp_page_put(page, &doc, NULL);
}

/* Printed, a long forest plot is replaced by pages of its own, which begin and end
 * between rows. */
static void put_pages(mtp_page_work *page, const mtp_bundle *bundle,
                      const mtp_figure *figure)
{
    mtp_strbuf_add(page->out, "<div class=\"screen\">\n");
    mtp_html_figure(page->out, figure->bytes, figure->height);
    mtp_strbuf_add(page->out, "</div>\n<div class=\"print\">\n");
    if (mtp_forest_svg_pages(bundle, PRINT_WIDTH, PRINT_HEIGHT, page->out, NULL)) {
        page->out->failed = true;
    }
    mtp_strbuf_add(page->out, "</div>\n");
}

static void put_figure(mtp_page_work *page, const mtp_bundle *bundle,
                       mtp_figure_kind kind)
{
    mtp_figure *figure = NULL;
    mtp_error err = {0};
    mtp_status status =
        mtp_figure_draw(bundle, kind, MTP_FIGURE_SVG, NULL, &figure, &err);

    if (status == MTP_E_NOMEM) {
        page->out->failed = true;
    } else if (status != MTP_OK) {
        put_sentence(page, err.message);
    } else if (kind == MTP_FIGURE_FOREST && mtp_html_is_long(figure->height)) {
        put_pages(page, bundle, figure);
    } else {
        mtp_html_figure(page->out, figure->bytes, figure->height);
    }
    mtp_figure_free(figure);
}

void mtp_page_write_forest(mtp_page_work *page)
{
    put_figure(page, page->pool.bundle, MTP_FIGURE_FOREST);
}

void mtp_page_write_studies(mtp_page_work *page)
{
    put_built(page, page->pool.bundle, mtp_build_studies, "studies");
    put_built(page, page->pool.bundle, mtp_build_origins, NULL);
}

void mtp_page_write_heterogeneity(mtp_page_work *page)
{
    mtp_document doc;

    mtp_page_begin(&doc, page);
    mtp_build_spread(&doc, page->pool.bundle);
    mtp_page_put(page, &doc, NULL);
    if (doc.n == 0) {
        put_sentence(page, "Without an estimate there is no heterogeneity to tell.");
    }
    if (mtp_labbe_has_points(page->pool.bundle)) {
        put_figure(page, page->pool.bundle, MTP_FIGURE_LABBE);
    }
    if (page->curve.bundle) {
        put_figure(page, page->curve.bundle, MTP_FIGURE_PROFILE);
    } else {
        mtp_page_put_absence(page, "likelihood profile of tau2", &page->curve);
    }
}

void mtp_page_write_subgroups(mtp_page_work *page)
{
    put_built(page, page->pool.bundle, mtp_build_groups, NULL);
}

/* The sentence on all ways to pool, then what the studies do one by one. */
void mtp_page_write_sensitivity(mtp_page_work *page)
{
    const mtp_bundle *comparison = page->comparison.bundle;
    const mtp_bundle *bundle = page->sensitivity.bundle;

    if (comparison) {
        put_sentence(page, comparison->comparison->sentence);
    } else {
        mtp_page_put_absence(page, "comparison of all ways to pool", &page->comparison);
    }
    if (bundle) {
        put_built(page, bundle, mtp_build_sensitivity_fits, NULL);
        put_built(page, bundle, mtp_build_sensitivity_studies, NULL);
        if (bundle->sensitivity->influence) {
            put_figure(page, bundle, MTP_FIGURE_BAUJAT);
            put_figure(page, bundle, MTP_FIGURE_INFLUENCE);
            put_figure(page, bundle, MTP_FIGURE_RADIAL);
        }
        mtp_page_put_notes(page, "Notes on sensitivity", bundle);
    } else {
        mtp_page_put_absence(page, "analysis without single studies",
                             &page->sensitivity);
    }
}

void mtp_page_write_small_studies(mtp_page_work *page)
{
    const mtp_bundle *bundle = page->bias.bundle;

    if (page->funnel.bundle) {
        put_figure(page, page->funnel.bundle, MTP_FIGURE_FUNNEL);
    } else {
        mtp_page_put_absence(page, "funnel plot", &page->funnel);
    }
    if (!bundle) {
        mtp_page_put_absence(page, "analysis of small-study effects", &page->bias);
        return;
    }
    put_built(page, bundle, mtp_build_bias_findings, NULL);
    mtp_page_put_notes(page, "Notes on small-study effects", bundle);
}

void mtp_page_write_rows(mtp_page_work *page)
{
    const mtp_bundle *bundle = page->pool.bundle;
    mtp_document doc;

    mtp_page_begin(&doc, page);
    mtp_doc_entries(&doc);
    mtp_build_data(&doc, bundle);
    mtp_page_put(page, &doc, NULL);
    if (bundle->ledger.n_excluded == 0) {
        put_sentence(page, "No row was left out for what it lacks.");
    } else {
        put_built(page, bundle, mtp_build_excluded, NULL);
    }
}

void mtp_page_write_notes(mtp_page_work *page)
{
    if (page->pool.bundle->notes.count == 0) {
        put_sentence(page, "There is nothing to note.");
    } else {
        put_built(page, page->pool.bundle, mtp_build_notes, NULL);
    }
    put_built(page, page->pool.bundle, mtp_build_profile, NULL);
}

/* JSON in an element of HTML: "<" would end it, and stands only within texts. */
static void put_json(mtp_page_work *page)
{
    char *text = NULL;

    if (mtp_report(page->pool.bundle, MTP_FORMAT_JSON, NULL, &text, NULL, NULL) !=
        MTP_OK) {
        page->out->failed = true;
        return;
    }
    mtp_strbuf_add(page->out,
                   "<script type=\"application/json\" id=\"metapool-json\">\n");
    for (const char *at = text; *at; at++) {
        if (*at == '<') {
            mtp_strbuf_add(page->out, "\\u003c");
        } else {
            mtp_strbuf_add_char(page->out, *at);
        }
    }
    mtp_strbuf_add(page->out, "</script>\n");
    mtp_text_free(text);
}

static void add_option(mtp_document *doc, const char *name, const char *value)
{
    mtp_doc_cell *cell;

    if (value) {
        cell = mtp_doc_row_new(doc);
        cell[0] = mtp_doc_cell_text(name);
        cell[1] = mtp_doc_cell_text(value);
    }
}

void mtp_page_write_options(mtp_page_work *page)
{
    const mtp_bundle *bundle = page->pool.bundle;
    const mtp_doc_column column[] = {{"option", "Option", true, false},
                                     {"value", "Value", true, false}};
    mtp_document doc;

    mtp_page_begin(&doc, page);
    mtp_doc_entries(&doc);
    mtp_doc_entry(&doc, "metapool");
    mtp_doc_text(&doc, "version %s", mtp_version());
    mtp_doc_entry(&doc, "SHA-256 of the data");
    mtp_doc_text(&doc, "%s", bundle->ledger.sha256 ? bundle->ledger.sha256 : "unknown");
    mtp_doc_paragraph(&doc);
    mtp_doc_text(&doc, "The options in force, of those that can change a number; the "
                       "others have no part in this analysis. The page holds the whole "
                       "result as JSON, in its element metapool-json.");
    mtp_doc_table(&doc, 2, column);
    for (size_t i = 0; i < bundle->n_options; i++) {
        add_option(&doc, bundle->options[i].name, bundle->options[i].value);
    }
    add_option(&doc, "baseline-risk", page->request->given[MTP_OPT_BASELINE_RISK]);
    mtp_page_put(page, &doc, NULL);
    put_json(page);
}

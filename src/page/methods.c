/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The methods in words, with their sources: for a paper's section on methods. */
#include "metapool/bias_analysis.h"
#include "metapool/sensitivity_analysis.h"
#include "metapool/version.h"

#include "models/stratified.h"
#include "page/page.h"
#include "report/builders.h"
#include "report/view.h"

static void say(mtp_page_work *page, const char *format, ...) MTP_PRINTF(2, 3);
static void say(mtp_page_work *page, const char *format, ...)
{
    va_list args;
    const char *text;

    va_start(args, format);
    text = mtp_arena_vprintf(page->arena, format, args);
    va_end(args);
    if (text) {
        mtp_html_words(page->out, text);
    } else {
        page->out->failed = true;
    }
}

static void say_pooling(mtp_page_work *page)
{
    const mtp_bundle *bundle = page->pool.bundle;
    const mtp_fit *fit = &bundle->pool->overall.fit;
    const char *method = mtp_method_id(fit->method);

    if (mtp_page_is_one_study(page)) {
        say(page, "One study is not pooled: the estimate is its own");
        return;
    }
    say(page,
        fit->method == MTP_METHOD_INVERSE       ? "They were pooled by %s"
        : mtp_method_is_stratified(fit->method) ? "They were pooled by the %s method"
                                                : "They were pooled by a %s",
        mtp_method_label(fit->method));
    mtp_page_cite(page, "method", method);
    mtp_page_cite(page, method, bundle->measure->code);
    if (fit->method == MTP_METHOD_BETABINOMIAL) {
        return;
    }
    if (bundle->pool->overall.n_levels > 0) {
        say(page, ", with effects nested in levels");
        mtp_page_cite(page, "part", "levels");
    }
    say(page, ", the variance between studies by %s (%s)",
        mtp_tau2_label(fit->tau2_method), mtp_tau2_id(fit->tau2_method));
    mtp_page_cite(page, "tau2", mtp_tau2_id(fit->tau2_method));
}

static void say_intervals(mtp_page_work *page)
{
    const mtp_bundle *bundle = page->pool.bundle;
    bool common = mtp_page_is_common(page);
    const mtp_estimate *e =
        common ? &bundle->pool->overall.common : &bundle->pool->overall.random;
    mtp_document doc;

    mtp_page_begin(&doc, page);
    say(page, ". The %s of the %s is %s", mtp_build_level(&doc, bundle, "interval"),
        mtp_page_is_one_study(page) ? "estimate"
        : common                    ? "common effect"
                                    : "random-effects mean",
        mtp_ci_label(e->ci.method));
    mtp_page_cite(page, "ci", mtp_ci_id(e->ci.method));
    if (!common && !isnan(e->pi.lower)) {
        say(page, ", the prediction interval %s", mtp_pi_label(e->pi.method));
        mtp_page_cite(page, "pi", mtp_pi_id(e->pi.method));
    }
    page->out->failed = page->out->failed || doc.failed;
}

static void say_heterogeneity(mtp_page_work *page)
{
    const mtp_bundle *bundle = page->pool.bundle;
    const mtp_heterogeneity *h = &bundle->pool->overall.heterogeneity;

    if (isnan(h->I2)) {
        return;
    }
    say(page, ". Heterogeneity is told by Q, tau^2");
    if (h->ci.status == MTP_SET_OK && h->ci.method) {
        say(page, " with its interval (%s)",
            mtp_tau2_ci_label((mtp_tau2_ci_method)mtp_tau2_ci_from_id(h->ci.method)));
        mtp_page_cite(page, "tau2-ci", h->ci.method);
    }
    say(page, " and I^2");
    mtp_page_cite(page, "part", "I2");
}

static void say_subgroups(mtp_page_work *page)
{
    if (page->pool.bundle->pool->n_groups > 0) {
        say(page, ". Subgroups by %s were pooled each by itself and compared",
            page->pool.bundle->by);
        mtp_page_cite(page, "part", "subgroups");
    }
}

static void say_sensitivity(mtp_page_work *page)
{
    const mtp_bundle *bundle = page->sensitivity.bundle;

    if (bundle) {
        say(page, ". The studies were left out one at a time");
        if (bundle->sensitivity->influence) {
            say(page, ", and their influence was measured");
            mtp_page_cite(page, "part", "influence");
        }
    }
    if (page->comparison.bundle) {
        say(page, ". Every other way to pool them that exists for the measure was "
                  "compared with this one");
        mtp_page_cite(page, "part", "compare");
    }
}

static void say_small_studies(mtp_page_work *page)
{
    const mtp_bias_analysis *bias = page->bias.bundle ? page->bias.bundle->bias : NULL;

    bool tested = false;

    for (size_t i = 0; bias && i < bias->n_tests; i++) {
        if (bias->tests[i].result) {
            say(page, ". Small-study effects were tested by %s",
                mtp_asymmetry_label(bias->tests[i].test));
            mtp_page_cite(page, "test", mtp_asymmetry_id(bias->tests[i].test));
            tested = true;
        }
    }
    if (bias && bias->trim_fill) {
        say(page, "%s trim and fill",
            tested ? "; the mean was adjusted by" : ". The mean was adjusted by");
        mtp_page_cite(page, "part", "trim-fill");
    }
}

static void say_absolute(mtp_page_work *page)
{
    if (page->n_risks > 0) {
        say(page, ". Absolute effects are those of the estimate at the baseline risks "
                  "given");
        mtp_page_cite(page, "part", "absolute");
        if (page->pool.bundle->measure->measure == MTP_HR) {
            mtp_page_cite(page, "part", "absolute-hazard");
        }
    }
}

static void write_paragraph(mtp_page_work *page)
{
    const mtp_measure_info *measure = page->pool.bundle->measure;
    size_t k = page->pool.bundle->pool->overall.k;

    mtp_strbuf_add(page->out, "<p>");
    say(page,
        k == 1 ? "The effect of %zu study is given as %s (%s). "
               : "The effects of %zu studies are given as %s (%s). ",
        k, measure->name, measure->code);
    say_pooling(page);
    if (page->pool.bundle->pool->overall.exists) {
        say_intervals(page);
        say_heterogeneity(page);
    }
    say_subgroups(page);
    say_sensitivity(page);
    say_small_studies(page);
    say_absolute(page);
    say(page,
        ". All of this was computed by metapool %s; the report answers items 13 "
        "and 20 of PRISMA 2020",
        mtp_version());
    mtp_page_cite(page, "part", "prisma");
    mtp_strbuf_add(page->out, ".</p>\n");
}

void mtp_page_write_methods(mtp_page_work *page)
{
    const mtp_bundle *bundle = page->pool.bundle;
    mtp_document doc;

    write_paragraph(page);
    mtp_page_begin(&doc, page);
    mtp_doc_entries(&doc);
    mtp_build_measure(&doc, bundle);
    mtp_doc_entry(&doc, "Formulas");
    mtp_doc_text(&doc, "yi = %s; vi = %s; %s", bundle->measure->yi, bundle->measure->vi,
                 bundle->measure->source);
    if (!mtp_page_is_one_study(page)) {
        mtp_build_model(&doc, bundle);
    }
    mtp_page_put(page, &doc, NULL);
}
